import { describe, expect, it } from 'vitest';
import * as codes from '../../src/protocol/codes.js';
import {
  CLOSE_CODE,
  CLOSE_CODE_RANGE,
  lookup,
  MESSAGE_TYPE,
  nameOf,
  STATUS_CODE,
  statusMeanings,
  statusSaidBy,
  STOP_REASON,
  ZCC_VOICE_EVENT_TYPE,
  ZCC_VOICE_EVENT_TYPE_RANGE,
} from '../../src/protocol/codes.js';

type Row = { readonly value: number; readonly meaning: string };

const tables = Object.entries(codes).flatMap(([name, table]): [string, [string, Row][]][] =>
  typeof table === 'object' ? [[name, Object.entries<Row>(table)]] : [],
);

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('every table', () => {
  it.each(tables)('%s gives each number once, in order, with words', (_, rows) => {
    const values = rows.map(([, { value }]) => value);
    expect(values).toEqual([...new Set(values)].toSorted((a, b) => a - b));
    for (const [, { meaning }] of rows) expect(meaning).toMatch(/^[A-Za-z0-9].*[^.!]$/);
  });

  it.each([
    ['MESSAGE_TYPE', range(0, 29)],
    ['EVENT_TYPE', range(0, 14)],
    ['ZCC_VOICE_EVENT_TYPE', range(8, 29)],
    ['STATUS_CODE', range(0, 47)],
    ['LEGACY_STATUS_CODE', range(0, 75)],
    ['EARLIEST_STATUS_CODE', range(1, 4)],
    ['SESSION_STATE', range(0, 5)],
    ['STREAM_STATE', range(0, 6)],
    ['STOP_REASON', range(0, 26)],
    ['MEDIA_DATA_TYPE', [1, 2, 4, 8, 16, 32]],
    ['MEDIA_CONTENT_TYPE', range(0, 5)],
    ['MEDIA_PAYLOAD_TYPE', range(0, 7)],
    ['MEDIA_DATA_OPTION', range(0, 5)],
    ['MEDIA_RESOLUTION', range(1, 4)],
    ['AUDIO_SAMPLE_RATE', range(0, 3)],
    ['AUDIO_CHANNEL', [1, 2]],
    ['TRANSMISSION_PROTOCOL', range(1, 4)],
    ['DATA_MESSAGE_ATTRIBUTE', range(0, 3)],
    ['CHAT_GROUP_TYPE', [0]],
    ['CHAT_MEMBER_STATUS', range(0, 4)],
    ['CHAT_OPERATION', range(1, 5)],
    ['CHAT_SESSION_TYPE', range(1, 5)],
    ['TRANSCRIPT_LANGUAGE', range(-1, 36)],
    ['CLOSE_CODE', [...range(1000, 1015), 3000, 3003, 3008]],
  ])('%s has all that is documented', (name, values) => {
    const rows = new Map(tables).get(name) ?? [];
    expect(rows.map(([, { value }]) => value)).toEqual(values);
  });
});

describe('lookup', () => {
  it.each([
    [MESSAGE_TYPE, 12, 'KEEP_ALIVE_REQ'],
    [STATUS_CODE, 0, 'OK'],
    [STOP_REASON, 18, 'AUTHENTICATION_FAILURE'],
    [CLOSE_CODE, 1006, 'ABNORMAL_CLOSURE'],
  ])('finds the row of a value', (table, value, name) => {
    expect(lookup<Row>(table, value)).toMatchObject({ name, value });
    expect(nameOf(table, value)).toBe(name);
  });

  it.each([
    [99, 'unknown (99)'],
    [-1, 'unknown (-1)'],
    [undefined, 'unknown'],
  ])('has no row for %s', (value, name) => {
    expect(lookup<Row>(MESSAGE_TYPE, value)).toBeUndefined();
    expect(nameOf(MESSAGE_TYPE, value)).toBe(name);
  });
});

describe('MESSAGE_TYPE', () => {
  it('lets every answer come the other way, on the same channel', () => {
    const rows = Object.values<codes.MessageTypeCode>(MESSAGE_TYPE);
    for (const row of rows.filter(({ answeredBy }) => answeredBy !== undefined)) {
      const answer = lookup<codes.MessageTypeCode>(MESSAGE_TYPE, row.answeredBy);
      expect(answer).toMatchObject({ channel: row.channel, dir: row.dir === 'out' ? 'in' : 'out' });
    }
  });
});

describe('STATUS_CODE', () => {
  it('names what another attempt can change', () => {
    const values = Object.values(STATUS_CODE).map(({ category, value }) => [category, value] as const);
    expect(values.filter(([category]) => category !== 'final')).toEqual([
      ['duplicate', 8],
      ['retry', 15],
      ['retry', 16],
      ['retry', 45],
    ]);
  });
});

describe('STOP_REASON', () => {
  it('calls those failures that need a new stream', () => {
    const failures = Object.values(STOP_REASON).flatMap(({ kind, value }) => (kind === 'failure' ? [value] : []));
    expect(failures).toEqual([...range(10, 19), 24]);
  });
});

describe('CLOSE_CODE', () => {
  it('knows which never travel', () => {
    const local = Object.values(CLOSE_CODE).flatMap(({ onWire, value }) => (onWire ? [] : [value]));
    expect(local).toEqual([1004, 1005, 1006, 1015]);
  });
});

describe('ranges', () => {
  const gaps = (rows: readonly codes.CodeRange[]): boolean =>
    rows.some(({ value, to }, index) => value > to || (rows[index + 1]?.value ?? Infinity) <= to);

  it('of close codes leave room for the registered ones of the protocol alone', () => {
    const rows = Object.values(CLOSE_CODE_RANGE);
    expect(rows.map(({ value, to }) => [value, to])).toEqual([
      [0, 999],
      [1016, 2999],
      [3000, 3999],
      [4000, 4999],
      [5000, 65_535],
    ]);
    expect(gaps(rows)).toBe(false);
  });

  it('of Contact Center events begin where the table ends', () => {
    const [range] = Object.values(ZCC_VOICE_EVENT_TYPE_RANGE);
    expect(range).toMatchObject({ value: ZCC_VOICE_EVENT_TYPE.CONFERENCE_PARTICIPANT_LEFT.value + 1, to: 34 });
  });
});

describe('statusMeanings', () => {
  it.each([
    [3, 'invalid signature', 'current', 'INVALID_SIGNATURE', 'INVALID_JSON_MSG'],
    [3, undefined, 'current', 'INVALID_SIGNATURE', 'INVALID_JSON_MSG'],
    [3, 'invalid json msg', 'legacy', 'INVALID_SIGNATURE', 'INVALID_JSON_MSG'],
    [8, 'duplicate signal request', 'current', 'DUPLICATE_SIGNAL_REQUEST', 'MEETING_UUID_NOT_STRING'],
    [13, 'Session not found', 'legacy', 'MEDIA_TYPE_CHAT_NOT_SUPPORT', 'SESSION_NOT_FOUND'],
    [15, 'Invalid signature', 'legacy', 'MEDIA_DATA_ALL_CONNECTION_EXIST', 'INVALID_SIGNATURE'],
    [15, '', 'current', 'MEDIA_DATA_ALL_CONNECTION_EXIST', 'INVALID_SIGNATURE'],
    [
      16,
      'duplicate media data connection',
      'current',
      'DUPLICATE_MEDIA_DATA_CONNECTION',
      'INVALID_MEETING_OR_STREAM_ID',
    ],
    [16, 'Invalid meeting or stream ID', 'legacy', 'DUPLICATE_MEDIA_DATA_CONNECTION', 'INVALID_MEETING_OR_STREAM_ID'],
    [17, 'duplicate signal request', 'legacy', 'INVALID_MEDIA_PARAMS', 'DUPLICATE_SIGNAL_REQUEST'],
    [17, 'something else', 'current', 'INVALID_MEDIA_PARAMS', 'DUPLICATE_SIGNAL_REQUEST'],
  ])('%i with reason %j: %s', (status, reason, chosen, current, legacy) => {
    const meanings = statusMeanings(status, reason);
    expect(meanings).toMatchObject({ chosen, current: { name: current }, legacy: { name: legacy } });
  });

  it('takes the only table that has the number', () => {
    expect(statusMeanings(50)).toMatchObject({ chosen: 'legacy', legacy: { name: 'VIDEO_CONTENT_TYPE_NOT_UINT' } });
    expect(statusMeanings(50)).not.toHaveProperty('current');
  });

  it('leaves both readings out for a number of neither table', () => {
    expect(statusMeanings(99, 'invalid signature')).toEqual({ chosen: 'current' });
  });
});

describe('statusSaidBy', () => {
  it.each([
    ['Invalid signature', STATUS_CODE.INVALID_SIGNATURE.value],
    ['duplicate signal request!', STATUS_CODE.DUPLICATE_SIGNAL_REQUEST.value],
    ['Missing required fields', undefined],
    ['', undefined],
  ])('%j', (reason, value) => expect(statusSaidBy(reason)?.value).toBe(value));
});
