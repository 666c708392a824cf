import { describe, expect, it } from 'vitest';
import { Cast, type CastEvent } from '../../src/net/cast.js';
import { EVENT_TYPE, ZCC_VOICE_EVENT_TYPE } from '../../src/protocol/codes.js';

const names = (people: readonly { readonly userName: string }[]): string[] => people.map(({ userName }) => userName);

describe('a meeting', () => {
  const cast = new Cast('meeting', 3);

  it('has two hosts who take turns, and a guest who comes and goes', () => {
    expect(names(cast.at(0).present)).toEqual(['Ada', 'Bo']);
    expect(names(cast.at(7000).present)).toEqual(['Ada', 'Bo', 'Cy']);
    expect([0, 4000, 8000, 20_000].map((ms) => names(cast.at(ms).speaking))).toEqual([
      ['Ada'],
      ['Bo'],
      ['Ada'],
      ['Bo'],
    ]);
  });

  it('has two speaking at once where one falls in', () => {
    expect(names(cast.at(3500).speaking)).toEqual(['Ada', 'Bo']);
  });

  const meeting = (name: keyof typeof EVENT_TYPE, events: readonly CastEvent[]): unknown[] =>
    events.flatMap(({ type, fields }) => (type === EVENT_TYPE[name].value ? [fields] : []));

  it('begins with how things stand', () => {
    const events = cast.changes(undefined, 0);
    const ada = { user_id: 16_778_240, user_name: 'Ada' };
    const bo = { user_id: 16_779_264, user_name: 'Bo' };
    expect(meeting('PARTICIPANT_JOIN', events)).toEqual([{ participants: [ada, bo] }]);
    expect(meeting('ACTIVE_SPEAKER_CHANGE', events)).toEqual([ada]);
    expect(meeting('SHARING_START', events)).toEqual([ada]);
    const cameras = [{ user_id: ada.user_id }, { user_id: bo.user_id }];
    expect(meeting('PARTICIPANT_VIDEO_ON', events)).toEqual([{ participants: cameras }]);
  });

  it.each([
    ['PARTICIPANT_JOIN', 5000, 7000, { participants: [{ user_id: 16_780_288, user_name: 'Cy' }] }],
    ['PARTICIPANT_LEAVE', 13_500, 14_500, { participants: [{ user_id: 16_780_288 }] }],
    ['ACTIVE_SPEAKER_CHANGE', 3900, 4100, { user_id: 16_779_264, user_name: 'Bo' }],
    ['PARTICIPANT_VIDEO_OFF', 8900, 9100, { participants: [{ user_id: 16_779_264 }] }],
    ['PARTICIPANT_VIDEO_ON', 10_900, 11_100, { participants: [{ user_id: 16_779_264 }] }],
    ['SHARING_STOP', 15_900, 16_100, { user_id: 16_778_240, user_name: 'Ada' }],
    ['SHARING_START', 17_900, 18_100, { user_id: 16_778_240, user_name: 'Ada' }],
  ] as const)('tells %s', (name, from, to, fields) => {
    expect(meeting(name, cast.changes(from, to))).toEqual([fields]);
  });

  it('tells nothing where nothing happens', () => {
    expect(cast.changes(1000, 1500)).toEqual([]);
  });

  it('has three speaking at once where many take part', () => {
    const crowd = new Cast('meeting', 12);
    expect(names(crowd.at(0).speaking)).toEqual(['Ada', 'Bo', 'Cy']);
    expect(new Set(crowd.people.map(({ userId }) => userId)).size).toBe(12);
  });
});

describe.each(['contact-center', 'phone'] as const)('%s', (product) => {
  const cast = new Cast(product, 3);
  const { CONSUMER_ANSWERED, USER_ANSWERED, USER_HOLD, USER_UNHOLD } = ZCC_VOICE_EVENT_TYPE;

  it('has a caller and a callee, each on a channel of their own', () => {
    const events = cast.changes(undefined, 0);
    expect(events.map(({ type }) => type)).toEqual([CONSUMER_ANSWERED.value, USER_ANSWERED.value]);
    expect(events.map(({ fields }) => fields['participant_info'])).toMatchObject([
      { channel_id: 'channel-1', participant_mode: 'caller' },
      { channel_id: 'channel-2', participant_mode: 'callee' },
    ]);
  });

  it.each([
    [USER_HOLD.value, 8900, 9100],
    [USER_UNHOLD.value, 10_900, 11_100],
  ])('tells %i', (type, from, to) => {
    expect(cast.changes(from, to)).toMatchObject([{ type, fields: { participant_info: { channel_id: 'channel-2' } } }]);
  });
});
