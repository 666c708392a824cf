/** The signature looks like one: 64 characters of lower-case hex. Without the secret, this is all that can be said. */
import { DOCS } from '../protocol/docs.js';
import type { FrameEntry, Timeline } from '../session/timeline.js';
import { count } from '../session/words.js';
import { defineRule, type Certainty, type Verdict } from './rule.js';
import { factOf } from './shared/checks.js';
import { isOtherMessage, judgeHandshakes } from './shared/handshakes.js';

interface Shape {
  readonly seen: string;
  readonly certainty: Certainty;
  readonly fix: string;
}

const SHAPES: Readonly<Record<string, Shape>> = {
  base64: { seen: 'looks like Base64', certainty: 'certain', fix: 'write the digest as lower-case hex, not as Base64' },
  // Whether Zoom takes upper case is not documented; its mock server does not.
  'upper-case': { seen: 'has upper-case hex', certainty: 'likely', fix: 'write the digest in lower case' },
  length: {
    seen: 'is hex, but not of 64 characters',
    certainty: 'certain',
    fix: 'write two digits for each byte of the SHA-256 digest, leading zeros too',
  },
};
const OTHER: Shape = {
  seen: 'is not hex',
  certainty: 'certain',
  fix: 'send the HMAC-SHA256 as lower-case hex: rtms sign --explain shows each step',
};

export const signatureShape = defineRule({
  id: 'signature-shape',
  section: 'Handshake',
  title: 'the signature has the form of one',
  failureTitle: 'the signature does not have the form of one',
  why: 'A value of another form cannot be right, whatever the secret.',
  docs: DOCS.workWithStreams,
  needs: ['frame'],
  check: (timeline) => {
    if (isRecognised(timeline)) return undefined;
    const check = timeline.check('signature-shape');
    const established = check && !check.event.ok ? factOf(check, 'shape') : undefined;
    return judgeHandshakes(
      timeline,
      (handshake) => {
        const signature = handshake.fields['signature'];
        if (isOtherMessage(handshake) || typeof signature !== 'string' || signature === '') return [];
        const shape = established ?? (check ? undefined : shapeOf(signature));
        return shape === undefined ? [] : [verdict(shape, signature, handshake.entry)];
      },
      '64 characters of lower-case hex',
    );
  },
});

/** A recomputation that found the mistake has said more than the form can. */
function isRecognised(timeline: Timeline): boolean {
  const check = timeline.check('signature-mismatch');
  return check !== undefined && (check.event.ok || factOf(check, 'cause') !== 'unknown');
}

/** Masked values keep their length and both ends, so `*` stands for whatever it hides. */
const FORMS: readonly (readonly [pattern: RegExp, shape: string | undefined])[] = [
  [/^[0-9a-f*]{64}$/, undefined],
  [/^[0-9a-f*]{64}$/i, 'upper-case'],
  [/^[\w+/*-]{42,43}={0,2}$/, 'base64'],
  [/^[0-9a-f*]+$/i, 'length'],
];

function shapeOf(signature: string): string | undefined {
  const form = FORMS.find(([pattern]) => pattern.test(signature));
  return form ? form[1] : 'not-hex';
}

function verdict(cause: string, signature: string, { number }: FrameEntry): Verdict {
  const { seen, certainty, fix } = SHAPES[cause] ?? OTHER;
  return {
    status: 'fail',
    certainty,
    cause,
    message: `the signature ${seen}; 64 characters of lower-case hex are expected`,
    evidence: [{ event: number, path: '$.signature', note: count(signature.length, 'character') }],
    fix,
  };
}
