/** A secret is the bare value: no quotes, no white space, no line break that came along, and not another value. */
import { defineRule } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';
import { DOCS } from './shared/docs.js';

interface Malformation {
  /** In the fact's own words. */
  readonly pattern: RegExp;
  readonly cause: string;
  /** After the name; without it, the fact's words. */
  readonly seen?: string;
  readonly status?: 'fail';
  readonly certainty?: 'possible';
  readonly fix?: string;
}

const TAKEN_OFF = 'it was read without, but another program may not do so';
const KEPT = 'no secret of Zoom has one, and it was used as it is';
const EVERYWHERE = 'every program keeps them in the value';
const COPY = 'copy the value again from the Marketplace: the app, Basic Information';

/** The first that fits counts. */
const MALFORMATIONS: readonly Malformation[] = [
  { pattern: /^empty$/, cause: 'empty', seen: 'is there and empty', status: 'fail', fix: COPY },
  { pattern: /^placeholder$/, cause: 'placeholder', seen: 'is still the sample text', status: 'fail', fix: COPY },
  {
    pattern: /^same as the client id$/,
    cause: 'same-as-id',
    seen: 'has the value of the client id; another is expected',
    status: 'fail',
    fix: COPY,
  },
  {
    pattern: /^same as the Secret Token$/,
    cause: 'same-as-token',
    seen: 'has the value of the webhook Secret Token; another is expected',
    status: 'fail',
    fix: 'take the client secret of Basic Information; the Secret Token of the Access page only verifies webhooks',
  },
  {
    pattern: /typographic/,
    cause: 'typographic-quotes',
    seen: `has typographic quotes around it; ${EVERYWHERE}`,
    status: 'fail',
  },
  {
    pattern: /zero-width/,
    cause: 'zero-width',
    seen: `has characters of no width in it; ${EVERYWHERE}`,
    status: 'fail',
  },
  { pattern: /^an unusual/, cause: 'shape', certainty: 'possible', fix: COPY },
  { pattern: /quote/, cause: 'quotes', seen: `has quotes around it; ${TAKEN_OFF}` },
  { pattern: /inside/, cause: 'broken', seen: `has a line break inside it; ${KEPT}` },
  { pattern: /line|newline/, cause: 'newline', seen: `has a line break at its end; ${TAKEN_OFF}` },
  { pattern: /byte order/, cause: 'bom', seen: `has a byte order mark before it; ${TAKEN_OFF}` },
  { pattern: /space/, cause: 'whitespace', seen: `has white space around it; ${TAKEN_OFF}` },
];

export const secretMalformed = defineRule({
  id: 'secret-malformed',
  section: 'Credentials',
  title: 'the secrets look like secrets',
  failureTitle: 'a secret does not look like one',
  why: 'Every character of the key enters the HMAC: with a stray one, every signature is wrong.',
  docs: DOCS.workWithStreams,
  needs: ['check:secret-malformed'],
  check: (timeline) => {
    const malformed = checksFor(timeline, 'secret-malformed').filter(({ event }) => !event.ok);
    if (malformed.length === 0) return { status: 'pass', message: 'nothing stands around them' };
    return malformed.map((check) => {
      const what = factOf(check, 'what') ?? '';
      const name = factOf(check, 'name') ?? 'a secret';
      const found = MALFORMATIONS.find(({ pattern }) => pattern.test(what));
      return {
        status: found?.status ?? 'warn',
        certainty: found?.certainty ?? 'certain',
        cause: found?.cause ?? 'other',
        message: `${name} ${found?.seen ?? `has ${what}`}`,
        evidence: [{ event: check.number }],
        fix: found?.fix ?? `store the bare value in ${name.replace(/ from .*/, '')}`,
      };
    });
  },
});
