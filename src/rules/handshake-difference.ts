/** Of a handshake that fails and one that is taken, the difference that decides: found by trying, so it is certain. */
import { DOCS } from '../protocol/docs.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';

export const handshakeDifference = defineRule({
  id: 'handshake-difference',
  section: 'Handshake',
  title: 'the server takes this handshake',
  failureTitle: 'trying the handshake out found something',
  why: 'What the server makes of each mixture of a failing and a good handshake leaves no room for guesses.',
  docs: DOCS.workWithStreams,
  needs: ['check:handshake-bisected'],
  check: (timeline) => {
    const bisected = timeline.check('handshake-bisected');
    if (!bisected) return undefined;
    return bisected.event.ok
      ? found(bisected, checksFor(timeline, 'handshake-differs'))
      : UNFOUND[causeOf(bisected)]?.(bisected);
  },
});

const causeOf = (bisected: Entry<CheckEvent>): string => factOf(bisected, 'cause') ?? '';

function found(bisected: Entry<CheckEvent>, differences: readonly Entry<CheckEvent>[]): Verdict {
  const changes = differences.map((each) => {
    const [from = '', to = ''] = ['from', 'to'].map((name) => factOf(each, name)?.replaceAll(/\*{3,}/g, '…'));
    return `${factOf(each, 'name')} from ${from} to ${to}`;
  });
  const [first] = differences;
  const minimal = factOf(bisected, 'minimal') === 'true';
  const attempts = factOf(bisected, 'attempts');
  return {
    status: 'fail',
    certainty: 'certain',
    cause: differences.length === 1 && first ? (factOf(first, 'kind') ?? '') : 'several',
    message:
      `changing only ${changes.join(', and ')} makes the server answer` +
      (minimal ? '' : `; ${attempts} attempts did not narrow it further`),
    evidence: [
      {
        event: bisected.number,
        note: `yours: ${factOf(bisected, 'failing')}; known good: ${factOf(bisected, 'good')}`,
      },
      { note: `${attempts} attempts, one after the other` },
    ],
    fix: differences.some((each) => factOf(each, 'name') === 'signature')
      ? 'sign as this does: rtms sign --payload FILE --explain'
      : 'change your code there, then: rtms connect --payload FILE --handshake FILE',
  };
}

const TAKEN = {
  status: 'warn',
  certainty: 'certain',
  message: 'the server takes this very handshake; what failed was not in its bytes',
  fix: 'look at when it is sent, at the URL, and at other clients of the stream: rtms connect --handshake FILE',
} as const;

const TAKEN_BY_MOCK = {
  status: 'warn',
  certainty: 'likely',
  message: 'the mock takes this very handshake; it checks what is documented, and Zoom may check more',
  fix: 'try it on the stream itself: rtms doctor --bisect --live --payload FILE --handshake FILE',
} as const;

/** Where no difference was found, why. */
const UNFOUND: Readonly<Record<string, (bisected: Entry<CheckEvent>) => Verdict>> = {
  accepted: (bisected) => ({
    ...(factOf(bisected, 'server') === 'mock' ? TAKEN_BY_MOCK : TAKEN),
    cause: 'accepted',
    evidence: [{ event: bisected.number }],
  }),
  neither: (bisected) => ({
    status: 'warn',
    certainty: 'certain',
    cause: 'neither',
    message: `a known-good handshake is not taken either (${factOf(bisected, 'good')}); the reason is not in the frame`,
    evidence: [{ event: bisected.number, note: `yours: ${factOf(bisected, 'failing')}` }],
    fix: 'check that the pair is of the app that got the webhook, and that the webhook is less than 60 s old',
  }),
  unreachable: (bisected) => ({
    status: 'skip',
    message: `the server was not reached (${factOf(bisected, 'step')})`,
  }),
  interrupted: (bisected) => ({
    status: 'skip',
    message: `interrupted after ${factOf(bisected, 'attempts')} attempts`,
  }),
};
