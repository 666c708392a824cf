/** A secret is the bare value: no quotes, no white space, no line break that came along. */
import { checksFor, factOf } from './checks.js';
import { DOCS } from './docs.js';
import { defineRule } from './rule.js';

/** What came along, in words: facts may name it shortly or in full. */
const STRAY: readonly (readonly [pattern: RegExp, cause: string, words: string])[] = [
  [/quote/, 'quotes', 'quotes around it'],
  [/inside/, 'broken', 'a line break inside it'],
  [/line|newline/, 'newline', 'a line break at its end'],
  [/byte order/, 'bom', 'a byte order mark before it'],
  [/space/, 'whitespace', 'white space around it'],
];

const TAKEN_OFF = 'it was read without, but another program may not do so';
const KEPT = 'no secret of Zoom has one, and it was used as it is';

export const secretMalformed = defineRule({
  id: 'secret-malformed',
  section: 'Credentials',
  title: 'the secrets are bare values',
  failureTitle: 'a secret has something around it',
  why: 'Every character of the key enters the HMAC: with a stray one, every signature is wrong.',
  docs: DOCS.workWithStreams,
  needs: ['check:secret-malformed'],
  check: (timeline) => {
    const malformed = checksFor(timeline, 'secret-malformed').filter(({ event }) => !event.ok);
    if (malformed.length === 0) return undefined;
    return malformed.map((check) => {
      const what = factOf(check, 'what') ?? '';
      const [, cause = 'other', words = what] = STRAY.find(([pattern]) => pattern.test(what)) ?? [];
      const name = factOf(check, 'name') ?? 'a secret';
      return {
        status: 'warn',
        certainty: 'certain',
        cause,
        message: `${name} has ${words}; ${cause === 'broken' ? KEPT : TAKEN_OFF}`,
        evidence: [{ event: check.number }],
        fix: `store the bare value in ${name.replace(/ from .*/, '')}`,
      };
    });
  },
});
