/** `rtms explain` as the built binary says it, against the transcripts in fixtures/transcripts/explain-*.txt. */
import { describe, expect, it } from 'vitest';
import { expectTranscript, runRtms } from '../helpers/transcript.js';

const transcripts = (cases: readonly (readonly [name: string, ...words: string[]])[]): void => {
  it.each(cases.map(([name, ...words]) => ({ name, words })))('$name', async ({ name, words }) => {
    const { stderr, code } = await expectTranscript(`explain-${name}`, ['explain', ...words]);
    expect(code).toBe(stderr === '' ? 0 : 2);
  });
};

describe('numbers', () => {
  transcripts([
    ['1000', '1000'],
    ['close-4123', 'close', '4123'],
    ['stop-18', 'stop', '18'],
    ['status-15', 'status', '15'],
    ['status-99', 'status', '99'],
    ['event-8', 'event', '8'],
    ['2310', '2310'],
    ['4711', '4711'],
    ['http-401', 'http', '401'],
    ['18', '18'],
  ]);
});

describe('names', () => {
  transcripts([
    ['stop-name', 'STOP_BC_AUTHENTICATION_FAILURE'],
    ['ambiguous-name', 'INVALID_SIGNATURE'],
    ['scope', 'meeting:read:meeting_audio'],
    ['scope-invented', 'rtms:subscribe'],
    ['webhook', 'meeting.started'],
    ['rule', 'signature-mismatch'],
    ['stop', 'stop'],
  ]);
});

describe('topics', () => {
  transcripts([
    ['flow', 'flow'],
    ['handshake', 'handshake'],
    ['signature', 'signature'],
    ['keep-alive', 'keep', 'alive'],
    ['reconnect', 'reconnect'],
    ['setup', 'setup'],
    ['several', 'close', '1006', 'msg', '7'],
  ]);
});

describe('what is not known', () => {
  transcripts([
    ['nothing'],
    ['nothing-json', '--json'],
    ['nonsense', 'nonsense'],
    ['slip', 'AUTHENTICATION_FAILUR'],
    ['slip-beside', 'stop', '18', 'meeting:audio:read'],
  ]);

  it('shows what was typed without what steers a terminal', async () => {
    const { stderr } = await runRtms(['explain', 'a\u001b[31mb']);
    expect(stderr).toMatch(/^error: nothing is known of a\\u001b\[31mb\n/);
  });

  it('leaves stdout a whole document under --json', async () => {
    const { stdout, stderr, code } = await runRtms(['explain', '--json', 'status', '3', 'AUTHENTICATION_FAILUR']);
    const document: unknown = JSON.parse(stdout);
    expect(document).toMatchObject({
      schemaVersion: 1,
      topic: 'status 3 AUTHENTICATION_FAILUR',
      matches: [
        { topic: 'status 3', family: 'status', code: 3, of: 'live service', name: 'INVALID_SIGNATURE' },
        { topic: 'status 3', family: 'status', code: 3, of: '2025 beta', name: 'INVALID_JSON_MSG' },
        { topic: 'status 3', family: 'status', code: 3, of: 'first sample', name: 'INVALID_MEETING_UUID' },
      ],
      suggestions: ['AUTHENTICATION_FAILURE'],
    });
    expect(stderr).toMatch(/^error: nothing is known of AUTHENTICATION_FAILUR\n/);
    expect(code).toBe(2);
  });
});

describe('as JSON', () => {
  transcripts([['json', '--json', 'close', '1000']]);
});
