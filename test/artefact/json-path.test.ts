import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangeOfPath } from '../../src/artefact/json-path.js';

const at = (json: string, path: string): string => {
  const bytes = Buffer.from(json);
  return bytes.subarray(...rangeOfPath(bytes, path)).toString();
};

const JSON_TEXT = `{
  "msg_type": 3,
  "müsig_name": "é}{",
  "media_params" : { "audio": {"codec":1, "channel" :2}, "list": [ 10, [true], {"a":null} ] },
  "a.b": {"c": 1},
  "a": {"b": {"c": 2}},
  "twice": 1, "twice": "the one that counts",
  "esc\\u0061ped": "\\"}",
  "last": "x"
}`;

describe('rangeOfPath', () => {
  it.each([
    ['$.msg_type', '"msg_type": 3'],
    ['$.müsig_name', '"müsig_name": "é}{"'],
    ['$.media_params', '"media_params"'],
    ['$.media_params.audio', '"audio"'],
    ['$.media_params.audio.channel', '"channel" :2'],
    ['$.media_params.list[0]', '10'],
    ['$.media_params.list[1]', '['],
    ['$.media_params.list[1][0]', 'true'],
    ['$.media_params.list[2].a', '"a":null'],
    ['$.a.b.c', '"c": 1'],
    ['$.twice', '"twice": "the one that counts"'],
    ['$.escaped', '"esc\\u0061ped": "\\"}"'],
    ['$.last', '"last": "x"'],
    ['$', '{'],
  ])('%s', (path, expected) => expect(at(JSON_TEXT, path)).toBe(expected));

  it.each([
    ['a member that is not there', '$.signature', '{'],
    ['one deeper down', '$.media_params.audio.codecs', '"audio"'],
    ['an item that is not there', '$.media_params.list[9]', '"list"'],
    ['an index into what is no array', '$.media_params[0]', '"media_params"'],
    ['a name in what is no object', '$.last.x', '"last": "x"'],
  ])('%s: what should hold it', (_, path, expected) => expect(at(JSON_TEXT, path)).toBe(expected));

  it.each(['', '{', '{"a"', '{"a":', '{"a":"b', '[', '{"a":}', '{,}', '{"a" "b"}', ']', '}', '{"a":1]'])(
    'keeps inside of %j',
    (json) => {
      const [start, end] = rangeOfPath(Buffer.from(json), '$.a.b[0]');
      expect(start).toBeLessThanOrEqual(json.length);
      expect(end).toBeLessThanOrEqual(json.length + 1);
    },
  );

  it('finds every member of any JSON', () => {
    const key = fc.stringMatching(/^[a-z_"\\é]{1,5}$/);
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue()), fc.nat(9), (value, indent) => {
        const json = Buffer.from(JSON.stringify(value, null, indent));
        for (const [name, item] of Object.entries(value)) {
          if (typeof item === 'object' && item !== null) continue;
          const member = json.subarray(...rangeOfPath(json, `$.${name}`)).toString();
          expect(JSON.parse(`{${member}}`)).toEqual(JSON.parse(JSON.stringify({ [name]: item })));
        }
      }),
    );
  });
});
