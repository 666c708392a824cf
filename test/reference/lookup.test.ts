import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SNIPPET_LANGUAGES } from '../../src/report/snippets.js';
import { explain } from '../../src/reference/lookup.js';

/** Matches as `family code name`. */
const brief = (...words: string[]): string[] =>
  explain(words).flatMap(({ matches }) =>
    matches.map(({ family: { id }, entry: { code, name } }) => [id, ...(code === undefined ? [] : [code]), name].join(' ')),
  );
const topics = (...words: string[]): string[] => explain(words).map(({ topic }) => topic);

describe('which words are one topic', () => {
  it.each([
    [['1000'], ['1000']],
    [
      ['1000', '3'],
      ['1000', '3'],
    ],
    [['close', '1000'], ['close 1000']],
    [['close 1000'], ['close 1000']],
    [
      ['close', '1000', 'stop', '18', 'flow'],
      ['close 1000', 'stop 18', 'flow'],
    ],
    [
      ['event', '8', '9'],
      ['event 8', '9'],
    ],
    [['close', '4123'], ['close 4123']],
    [['language', '-1'], ['language -1']],
    [['keep', 'alive'], ['keep alive']],
    [
      ['signature', 'mismatch', 'flow'],
      ['signature mismatch', 'flow'],
    ],
    [['stream', 'state', 'update'], ['stream state update']],
    [['"status_code":', '3,'], ['status_code 3']],
    [['"status_code":3,'], ['status_code 3']],
    [['status_code=3'], ['status_code 3']],
    [['{"msg_type":12,"status_code":3}'], ['msg_type 12', 'status_code 3']],
    [['0x3C0'], ['960']],
    [
      ['nonsense', 'stop'],
      ['nonsense', 'stop'],
    ],
    [['stop', 'nonsense'], ['stop nonsense']],
    [
      ['stop', 'keep', 'alive'],
      ['stop', 'keep alive'],
    ],
    [['meeting:read:meeting_audio'], ['meeting:read:meeting_audio']],
    [['', '  ', '""'], []],
    [[], []],
  ])('%j', (words, expected) => expect(topics(...words)).toEqual(expected));
});

describe('what is meant', () => {
  it.each([
    ['1000', ['close 1000 NORMAL_CLOSURE']],
    ['close code 1000', ['close 1000 NORMAL_CLOSURE']],
    ['close-1000', ['close 1000 NORMAL_CLOSURE']],
    ['stop 18', ['stop 18 AUTHENTICATION_FAILURE']],
    ['stop_reason 18', ['stop 18 AUTHENTICATION_FAILURE']],
    ['STOP_BC_AUTHENTICATION_FAILURE', ['stop 18 AUTHENTICATION_FAILURE']],
    ['APP_DISABLED_BY_HOST', ['stop 5 HOST_DISABLED_APP']],
    ['KEEP_ALIVE_REQ', ['message 12 KEEP_ALIVE_REQ']],
    ['MSG_KEEP_ALIVE_REQ', ['message 12 KEEP_ALIVE_REQ']],
    ['msg 12', ['message 12 KEEP_ALIVE_REQ']],
    ['event 7', ['event 7 MEDIA_CONNECTION_INTERRUPTED']],
    ['event 8', ['event 8 PARTICIPANT_VIDEO_ON', 'event 8 CONSUMER_ANSWERED']],
    ['CONSUMER_ANSWERED', ['event 8 PARTICIPANT_VIDEO_ON', 'event 8 CONSUMER_ANSWERED']],
    ['event 20', ['event 20 TRANSFER_ACCEPTED']],
    ['status 15', ['status 15 MEDIA_DATA_ALL_CONNECTION_EXIST', 'status 15 INVALID_SIGNATURE']],
    ['STATUS_OK', ['status 0 OK', 'status 0 OK']],
    ['status 60', ['status 60 DESKSHARE_CONTENT_TYPE_NOT_UINT']],
    ['codec 4', ['codec 4 OPUS']],
    ['opus', ['codec 4 OPUS']],
    ['16000', ['rate 1 SR_16K']],
    ['media 32', ['media 32 ALL']],
    ['http 401', ['http 401 UNAUTHORIZED']],
    ['2310', ['api 2310 2310']],
    ['invalid_client', ['api invalid_client']],
    ['sdk 960', ['sdk 960 UNPUBLISHED']],
    ['rtms:subscribe', ['scope rtms:subscribe']],
    ['MEETING:READ:MEETING_AUDIO', ['scope meeting:read:meeting_audio']],
    ['meeting.started', ['webhook meeting.started']],
    ['meeting.rtms_started', ['webhook meeting.rtms_started']],
    ['meeting.rtms.started', ['webhook meeting.rtms.started']],
    ['signature-mismatch', ['rule signature-mismatch']],
    ['keepalive', ['topic keep-alive']],
    ['binary', ['topic frames']],
    ['no-delimiter', ['rule signature-mismatch']],
    ['protobuf', ['rule handshake-not-json']],
    ['meeting:read:meeting_audio:admin', ['scope meeting:read:meeting_audio']],
    ['language -1', ['language -1 NONE']],
    ['-1', ['language -1 NONE']],
  ])('%s', (topic, expected) => expect(brief(topic)).toEqual(expected));

  it.each(SNIPPET_LANGUAGES)('%s is what there is code in', (language) =>
    expect(brief(language)).toContain('topic signature'),
  );

  it('gives every family of an ambiguous number', () => {
    expect(new Set(brief('18').map((row) => row.split(' ')[0]))).toEqual(
      new Set(['status', 'stop', 'message', 'event', 'language']),
    );
  });

  it('gives every number of an ambiguous name, with their other meanings', () => {
    expect(brief('INVALID_SIGNATURE')).toEqual([
      'status 3 INVALID_SIGNATURE',
      'status 3 INVALID_JSON_MSG',
      'status 3 INVALID_MEETING_UUID',
      'status 15 MEDIA_DATA_ALL_CONNECTION_EXIST',
      'status 15 INVALID_SIGNATURE',
      'status 1 INVALID_MESSAGE_TYPE',
      'status 1 CONNECTION_TIMEOUT',
      'status 1 INVALID_SIGNATURE',
    ]);
  });

  it.each(['stop', 'stop reason', 'state', 'scopes', 'webhooks', 'chat session type'])('%s is a whole family', (word) => {
    const [explanation] = explain([word]);
    expect(explanation?.whole).toBe(true);
    expect(explanation?.matches).not.toEqual([]);
  });
});

describe('a number no table has', () => {
  it.each([
    ['4123', ['close 4123 4000 to 4999']],
    ['close 4123', ['close 4123 4000 to 4999']],
    ['close 3500', ['close 3500 3000 to 3999']],
    ['close 1016', ['close 1016 1016 to 2999']],
    ['close 12', ['close 12 12']],
    ['close-12', ['close 12 12']],
    ['language -40', ['language -40 -40']],
    ['close 5000', ['close 5000 5000']],
    ['status 99', ['status 99 99']],
    ['event 33', ['event 33 30 to 34']],
    ['media 9', ['media 9 9']],
    ['state 9', ['session 9 9', 'stream 9 9']],
  ])('%s', (topic, expected) => {
    const [explanation] = explain([topic]);
    expect(brief(topic)).toEqual(expected);
    expect(explanation?.matches.map(({ entry }) => entry.basis)).toEqual(expected.map(() => 'unknown'));
  });

  it.each([
    ['status 99', 'nothing is documented for it'],
    ['close 12', 'not in use: no close frame carries it'],
    ['close 99999', 'no close code: RFC 6455 defines them up to 4999'],
    ['media 64', 'nothing is documented for it'],
    ['media 9', '1 AUDIO + 8 TRANSCRIPT; send one bit on the URL of its medium, or 32 on the URL named all'],
  ])('%s: %s', (topic, meaning) => expect(explain([topic])[0]?.matches[0]?.entry.meaning).toBe(meaning));

  it.each(['418', '99999', 'scope 3', 'rule 3', 'nonsense 3'])('%s alone is nothing', (topic) =>
    expect(explain([topic])[0]?.matches ?? []).toEqual([]),
  );
});

describe('suggestions', () => {
  it.each([
    ['AUTHENTICATION_FAILUR', 'AUTHENTICATION_FAILURE'],
    ['STOP_BC_AUTHENTICATION_FAILUR', 'AUTHENTICATION_FAILURE'],
    ['authentication', 'AUTHENTICATION_FAILURE'],
    ['signature-mismach', 'signature-mismatch'],
    ['meeting:read:meeting_audi', 'meeting:read:meeting_audio'],
    ['meeting:audio:read', 'meeting:read:meeting_audio'],
    ['meeting.rtms_start', 'meeting.rtms_started'],
    ['scops', 'scopes'],
    ['revoked', 'STREAM_REVOKED'],
    ['STOP_BC_USER', 'USER_LEFT'],
    ['stop nope', 'stop'],
    ['stop user', 'USER_LEFT'],
    ['meeting:read:meeting_sound', 'meeting:read:meeting_audio'],
    ['webinar:listen:webinar_sound', 'webinar:read:webinar_audio'],
  ])('%s: %s', (topic, expected) => expect(explain([topic])[0]?.suggestions).toContain(expected));

  it('are themselves topics, and few', () => {
    for (const slip of ['authentication', 'invalid', 'meeting', 'rtms_started', 'audio_']) {
      const { suggestions = [] } = explain([slip])[0] ?? {};
      expect(suggestions.length).toBeLessThanOrEqual(5);
      for (const suggestion of suggestions) expect(brief(suggestion)).not.toEqual([]);
    }
  });

  it.each(['nonsense', '日本', '---', 'x'])('there are none for %s', (topic) =>
    expect(explain([topic]).flatMap(({ suggestions }) => suggestions)).toEqual([]),
  );
});

it('takes whatever is typed', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('close', 'status', 'stop reason', '18', '-1', '1e9', '__proto__', 'constructor', '{"a":1}', '0xff'),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      for (const { topic, matches, suggestions } of explain(words)) {
        expect(topic).not.toBe('');
        expect(matches.length > 0 && suggestions.length > 0).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});
