import { describe, expect, it } from 'vitest';
import { WEBHOOK_EVENTS } from '../../src/protocol/webhook-events.js';
import { decodeWebhook, type WebhookKind } from '../../src/protocol/webhooks.js';

const named = (name: string) => WEBHOOK_EVENTS.find((event) => event.name === name);
const kindOf = (event: string): WebhookKind => decodeWebhook({ event }).kind;

describe('WEBHOOK_EVENTS', () => {
  it('has each name once', () => {
    const names = WEBHOOK_EVENTS.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it.each<readonly [string, string]>([
    ...['meeting.', 'webinar.', 'session.', 'contact_center.voice_', 'phone.', 'phone.call_'].flatMap((prefix) =>
      ['started', 'stopped', 'interrupted'].map((suffix) => [`${prefix}rtms_${suffix}`, 'stream'] as const),
    ),
    ['rtms.concurrency_near_limit', 'account'],
    ['rtms.concurrency_limited', 'account'],
    ['rtms.request_status', 'account'],
    ['rtms.start_failed', 'account'],
    ['endpoint.url_validation', 'endpoint'],
    ['meeting.rtms.started', 'older'],
    ['meeting.rtms_concurrency_limited', 'older'],
    ['meeting.started', 'other'],
    ['meeting.ended', 'other'],
    ['webinar.started', 'other'],
    ['webinar.ended', 'other'],
    ['session.started', 'other'],
    ['session.ended', 'other'],
    ['meeting.live_streaming_started', 'other'],
    ['meeting.live_streaming_stopped', 'other'],
  ])('has %s', (name, kind) => expect(named(name)?.kind).toBe(kind));

  it.each(WEBHOOK_EVENTS.map(({ name, kind }) => [name, kind] as const))(
    '%s is read as what it is said to be',
    (name, kind) => {
      const kinds: Readonly<Record<typeof kind, readonly WebhookKind[]>> = {
        stream: ['started', 'stopped', 'interrupted'],
        account: ['other-rtms'],
        endpoint: ['url-validation'],
        older: ['started', 'stopped', 'interrupted', 'other-rtms'],
        other: ['not-rtms'],
      };
      expect(kinds[kind]).toContain(kindOf(name));
    },
  );

  it.each(WEBHOOK_EVENTS.map((event) => [event.name, event] as const))('%s can be acted on', (_, event) => {
    for (const text of [event.meaning, event.action]) expect(text).toMatch(/^[A-Za-z].*[^.!]$/);
  });
});
