/** A secret is the bare value: no quotes, no white space, no line break that came along, and not another value. */
import { DOCS } from '../protocol/docs.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';

interface Malformation {
  /** After the name of what holds the value. */
  readonly seen: string;
  readonly status?: 'fail';
  /** Where another than to store the bare value. */
  readonly fix?: string;
}

const TAKEN_OFF = 'it was read without, but another program may not do so';
const KEPT = 'no secret of Zoom has one, and it was used as it is';
const EVERYWHERE = 'every program keeps them in the value';
const COPY = 'copy the value again from the Marketplace: the app, Basic Information';

/** By cause. */
const MALFORMATIONS: Readonly<Record<string, Malformation>> = {
  empty: { seen: 'is there and empty', status: 'fail', fix: COPY },
  placeholder: { seen: 'is still the sample text', status: 'fail', fix: COPY },
  'same-as-id': { seen: 'has the value of the client id; another is expected', status: 'fail', fix: COPY },
  'same-as-token': {
    seen: 'has the value of the webhook Secret Token; another is expected',
    status: 'fail',
    fix: 'take the client secret of Basic Information; the Secret Token of the Access page only verifies webhooks',
  },
  'typographic-quotes': { seen: `has typographic quotes around it; ${EVERYWHERE}`, status: 'fail' },
  'zero-width': { seen: `has characters of no width in it; ${EVERYWHERE}`, status: 'fail' },
  quotes: { seen: `has quotes around it; ${TAKEN_OFF}` },
  broken: { seen: `has a line break inside it; ${KEPT}` },
  newline: { seen: `has a line break at its end; ${TAKEN_OFF}` },
  bom: { seen: `has a byte order mark before it; ${TAKEN_OFF}` },
  whitespace: { seen: `has white space around it; ${TAKEN_OFF}` },
};

/** Zoom promises no form: one that is unusual is wrong only where nothing proves it right. */
const SHAPE = 'shape';

export const secretMalformed = defineRule({
  id: 'secret-malformed',
  section: 'Credentials',
  title: 'what was found of the credentials is well formed',
  failureTitle: 'a credential is not well formed',
  why: 'Every character of the key enters the HMAC: with a stray one, every signature is wrong.',
  docs: DOCS.workWithStreams,
  needs: ['check:secret-malformed'],
  check: (timeline) => {
    const isProven = timeline.check('signature-mismatch')?.event.ok === true;
    const malformed = checksFor(timeline, 'secret-malformed').filter(
      (check) => !check.event.ok && !(isProven && factOf(check, 'problem') === SHAPE),
    );
    if (malformed.length === 0) return { status: 'pass', message: 'nothing stands around them' };
    return malformed.map((check): Verdict => {
      const cause = factOf(check, 'problem') ?? SHAPE;
      const name = factOf(check, 'name') ?? 'a secret';
      const evidence = [{ event: check.number }];
      const known = MALFORMATIONS[cause];
      if (!known) {
        const message = `${name} has an unusual form: ${factOf(check, 'form') ?? cause}`;
        return { status: 'warn', certainty: 'possible', cause, message, evidence, fix: COPY };
      }
      const { seen, status = 'warn', fix = `store the bare value in ${name.replace(/ from .*/, '')}` } = known;
      return { status, certainty: 'certain', cause, message: `${name} ${seen}`, evidence, fix };
    });
  },
});
