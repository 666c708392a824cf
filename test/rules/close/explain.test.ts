/** What is suspected behind a close, by its circumstances alone and beside what the rules have settled. */
import { describe, expect, it } from 'vitest';
import { CLOSE_CAUSES } from '../../../src/rules/close/causes.js';
import { diagnose, RULES } from '../../../src/rules/index.js';
import { answerEvent } from '../../../src/rules/questions/questions.js';
import type { Diagnosis } from '../../../src/rules/rule.js';
import type { EventBody, Facts } from '../../../src/session/event.js';
import { frameEvent } from '../../../src/session/message.js';
import { Timeline } from '../../../src/session/timeline.js';
import { readSession } from '../sessions.js';

const HEADER = { rtms: 1, tool: 'rtms 0', command: 'test', startedAt: '' } as const;

function explained(...events: readonly EventBody[]): Diagnosis {
  return diagnose(
    new Timeline(
      HEADER,
      events.map((body) => ({ t: 0, ...body })),
    ),
  );
}

const told = (facts: Facts): EventBody => ({ type: 'check', rule: 'close-reported', ok: true, facts });
const HANDSHAKE = {
  msg_type: 1,
  protocol_version: 1,
  meeting_uuid: 'RE/HWbQ7QESDTyweZXDZtA==',
  rtms_stream_id: '1d330e9ca9c04407bded276b30b64be7',
  signature: `c0ee${'*'.repeat(56)}f5fc`,
};
const sent = frameEvent('signaling', 'out', 'text', Buffer.from(JSON.stringify(HANDSHAKE)));

const suspects = ({ findings }: Diagnosis, certainty: string): string[] =>
  findings
    .filter((finding) => finding.certainty === certainty && finding.cause !== 'reported')
    .map(({ rule, cause }) => `${rule} · ${cause}`);

describe('a close that was told', () => {
  it.each<[string, Facts, readonly string[]]>([
    [
      'at once, with nothing received: what refuses a handshake',
      { code: 1000, afterMs: 1800, framesIn: 0 },
      ['signature-mismatch · not-checked', 'handshake-field-missing · not-checked'],
    ],
    [
      'after three keep-alives, with nothing received: what is not read',
      { code: 1000, afterMs: 35_000, framesIn: 0 },
      ['replies-not-read · not-checked', 'handshake-not-sent · not-checked'],
    ],
    [
      'after three keep-alives, with frames received: what is not answered',
      { code: 1000, afterMs: 35_000, framesIn: 4 },
      ['keep-alive-unanswered · not-checked'],
    ],
    [
      'late, with frames received: what ended',
      { code: 1000, afterMs: 600_000, framesIn: 90 },
      ['stream-stopped · not-checked'],
    ],
    ['without a close frame: what is in between', { code: 1006 }, ['closed-without-reply · something-between']],
    ['1003: what the client does not take', { code: 1003 }, ['replies-not-read · not-checked']],
    ['1009: what is too big', { code: 1009, framesIn: 3 }, ['closed-without-reply · receive-limit']],
    ['1012: the server', { code: 1012, afterMs: 60_000 }, ['closed-without-reply · server-trouble']],
    ['3000: the credentials', { code: 3000 }, ['signature-mismatch · not-checked', 'install-mismatch · other-app']],
    ['1000 alone: nothing, for it proves nothing', { code: 1000 }, []],
    [
      'at once, with an answer: what it says',
      { code: 1000, afterMs: 1800, framesIn: 1 },
      ['handshake-refused · not-read'],
    ],
    [
      'at once, with many frames: what ended',
      { code: 1000, afterMs: 1800, framesIn: 400 },
      ['stream-stopped · not-checked'],
    ],
    [
      '1003 at once: what the client does not take',
      { code: 1003, afterMs: 2000, framesIn: 0 },
      ['replies-not-read · not-checked'],
    ],
    ['1015: what is in between', { code: 1015 }, ['closed-without-reply · something-between']],
    ['a code nobody documents: nothing', { code: 4500, afterMs: 1800, framesIn: 0 }, []],
    ['1016, which is assigned to nothing: nothing', { code: 1016, afterMs: 1800, framesIn: 0 }, []],
  ])('%s', (_, facts, likely) => {
    const diagnosis = explained(told(facts));
    expect(suspects(diagnosis, 'likely')).toEqual(likely);
    expect(suspects(diagnosis, 'certain')).toEqual([]);
    expect(diagnosis.findings.filter(({ status }) => status === 'fail')).toMatchObject([
      { rule: 'closed-without-reply', cause: 'reported' },
    ]);
  });

  it('asks for what was not told', () => {
    expect(explained(told({ code: 1000 })).findings[0]?.fix).toMatch(/--after 1\.8s --frames-in 0/);
  });

  it('rules keep-alives out before one was due, and says why', () => {
    const { ruledOut } = explained(told({ code: 1000, afterMs: 1800 }));
    expect(ruledOut).toContainEqual(
      expect.objectContaining({ subject: 'keep-alive', message: 'closed 1.8 s after the handshake' }),
    );
  });
});

describe('what a rule has settled', () => {
  const close = told({ code: 1000, afterMs: 1800, framesIn: 0 });
  const signature = (ok: boolean): EventBody => ({
    type: 'check',
    rule: 'signature-mismatch',
    ok,
    frame: 1,
    facts: ok ? {} : { cause: 'no-delimiter', sent: 'c0ee…f5fc', expected: 'fe51…5636' },
  });

  it('is suspected no more where it passed', () => {
    expect(suspects(explained(sent, close), 'likely')).toEqual(['signature-mismatch · not-checked']);
  });

  it('turns the suspicion to another app where the signature is right', () => {
    const diagnosis = explained(sent, signature(true), close);
    expect(suspects(diagnosis, 'likely')).toEqual(['install-mismatch · other-app']);
    expect(diagnosis.ruledOut.map(({ subject }) => subject)).toContain('the signature');
  });

  it.each([
    ['credentials-version', 'same', 'install-mismatch · other-app'],
    ['other-client', 'no', 'duplicate-connection · not-checked'],
  ])('suspects no longer what the answer %s %s excludes', (question, answer, suspect) => {
    const all = (...events: EventBody[]): string[] =>
      explained(...events).findings.map(({ rule, cause }) => `${rule} · ${cause}`);
    expect(all(close)).toContain(suspect);
    const kind = answerEvent('app-kind', 'general-user');
    expect(all(close, kind, answerEvent('product', 'meeting'), answerEvent(question, answer))).not.toContain(suspect);
  });

  it('leaves no suspicion beside a certain cause', () => {
    const { findings } = explained(sent, signature(false), close);
    expect(findings.map(({ rule, status }) => `${rule} ${status}`)).toEqual([
      'signature-mismatch fail',
      'closed-without-reply fail',
    ]);
  });
});

describe('a close that was seen', () => {
  it.each(['closed-without-reply.closed', 'closed-without-reply.dropped', 'closed-without-reply.other-stream'])(
    '%s has a likely cause, and no certain one but the close itself',
    (name) => {
      const { header, events } = readSession(name);
      const { findings } = diagnose(new Timeline(header, events));
      expect(findings[0]).toMatchObject({ status: 'warn', certainty: 'likely' });
      expect(findings.filter(({ certainty }) => certainty === 'certain').map(({ rule }) => rule)).toEqual([
        'closed-without-reply',
      ]);
    },
  );

  it('is the one that is found fault with, and not the first', () => {
    const { header, events } = readSession('closed-without-reply.media');
    const { findings, ruledOut } = diagnose(new Timeline(header, events));
    expect(findings.map(({ rule }) => rule)).toContain('closed-without-reply');
    const suspected = findings.map(({ rule, cause }) => `${rule} · ${cause}`);
    // Signaling was accepted with the same pair and ids.
    expect(suspected).not.toContain('signature-mismatch · not-checked');
    expect(ruledOut.map(({ subject }) => subject)).not.toContain('the ids');
  });

  it.each(['closed-without-reply.ok', 'connection-lost.ok', 'stream-stopped.ok'])('%s has none', (name) => {
    const { header, events } = readSession(name);
    expect(diagnose(new Timeline(header, events)).findings).toEqual([]);
  });
});

describe('the table', () => {
  it.each(CLOSE_CAUSES)('$rule · $cause names rules that exist, and can be acted on', ({ rule, settledBy, next }) => {
    const ids = RULES.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([rule, ...settledBy]));
    expect(next).toMatch(/\S/);
  });

  it('has each cause once', () => {
    const names = CLOSE_CAUSES.map(({ rule, cause }) => `${rule} · ${cause}`);
    expect(new Set(names).size).toBe(names.length);
  });
});
