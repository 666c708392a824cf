import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replaceServerUrls } from '../../src/protocol/server-urls.js';

const HERE = 'ws://127.0.0.1:4567/s';

/** Replaces every URL by one of ours that names its key. */
function replaced(json: string): string {
  const bytes = Buffer.from(json);
  return replaceServerUrls(bytes, (_, key) => `${HERE}/${key ?? ''}`).toString();
}

describe('replaceServerUrls', () => {
  it.each<[form: string, before: string, after: string]>([
    [
      'a webhook',
      '{"event":"meeting.rtms_started","payload":{"server_urls":"wss://a.zoom.us:443"}}',
      `{"event":"meeting.rtms_started","payload":{"server_urls":"${HERE}/"}}`,
    ],
    [
      'a nested webhook',
      '{"payload":{"object":{"server_urls":"wss://a.zoom.us"},"id":"x"}}',
      `{"payload":{"object":{"server_urls":"${HERE}/"},"id":"x"}}`,
    ],
    [
      'several in one string, those of another protocol left',
      '{"server_urls":"wss://a.zoom.us/x, srt://b.zoom.us,wss://c.zoom.us"}',
      `{"server_urls":"${HERE}/, srt://b.zoom.us,${HERE}/"}`,
    ],
    ['an array', '{"server_urls":["wss://a", "wss://b"]}', `{"server_urls":["${HERE}/", "${HERE}/"]}`],
    [
      'an object with every key, known or not',
      '{"msg_type":2,"media_server":{"server_urls":{"audio":"wss://a","deskshare":"wss://b","brand_new":"wss://c"}}}',
      `{"msg_type":2,"media_server":{"server_urls":{"audio":"${HERE}/audio","deskshare":"${HERE}/deskshare","brand_new":"${HERE}/brand_new"}}}`,
    ],
    ['upper case in the scheme', '{"server_urls":"WSS://a"}', `{"server_urls":"${HERE}/"}`],
    [
      'escaped slashes, kept so',
      String.raw`{"server_urls":{"all":"wss:\/\/a.zoom.us\/all"}}`,
      String.raw`{"server_urls":{"all":"ws:\/\/127.0.0.1:4567\/s\/all"}}`,
    ],
    [
      'unicode escapes, in value and key',
      String.raw`{"server\u005furls":{"all":"\u0077ss:\u002f\u002fa.zoom.us"}}`,
      String.raw`{"server\u005furls":{"all":"${HERE}/all"}}`,
    ],
  ])('takes %s', (_, before, after) => {
    expect(replaced(before)).toBe(after);
  });

  it.each([
    ['a URL elsewhere', '{"url":"wss://a","media_server":{"server_urls":{}},"note":"server_urls"}'],
    ['text that speaks of it', String.raw`{"content":{"data":"\"server_urls\":\"wss://a\""}}`],
    ['what is not WebSocket', '{"server_urls":{"audio":"https://a","video":"","all":null,"n":1}}'],
    ['no JSON', 'server_urls wss://a'],
    ['nothing', ''],
    ['a string that never ends', '{"server_urls":"wss://a'],
  ])('leaves %s', (_, json) => {
    expect(replaced(json)).toBe(json);
  });

  it('keeps every other byte: order, white space, number forms, line ends, doubled keys, odd characters', () => {
    const around = (url: string): string =>
      `\r\n{ "z" : 1.0,\t"msg_type":2.0e0,"a":1E+2 ,"n":12345678901234567890,"é":"☃ \\u00e9 \\/","server_urls" :\n{"audio":${url} } ,"z":[ ],"t":"“”"}\n\n`;
    expect(replaced(around('"wss://a"'))).toBe(around(`"${HERE}/audio"`));
  });

  it('keeps bytes that are not UTF-8', () => {
    const bytes = Buffer.from([
      0xff,
      ...Buffer.from('{"x":"'),
      0xc3,
      0x28,
      ...Buffer.from('","server_urls":"wss://a"}'),
    ]);
    const after = replaceServerUrls(bytes, () => 'ws://b');
    expect(after.toString('latin1')).toBe(bytes.toString('latin1').replace('wss://a', 'ws://b'));
  });

  it('gives back the very bytes where nothing is replaced, whatever they are', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => {
        const bytes = Buffer.from(text);
        expect(replaceServerUrls(bytes, () => undefined)).toBe(bytes);
      }),
    );
  });

  it('gives JSON with the same value but for the URL, whatever else is in it', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (before, after) => {
        const json = (url: string): string => `{"before":${before},"server_urls":["${url}"],"after":${after}}`;
        fc.pre(!before.includes('server_urls') && !after.includes('server_urls'));
        expect(replaced(json('wss://a'))).toBe(json(`${HERE}/`));
      }),
    );
  });
});
