/**
 * What a client must or should do in a scenario of the mock server, as data over its timeline. It decodes one; judging
 * is rules/conformance/judge.ts.
 */
import * as v from 'valibot';
import { MESSAGE_TYPE, type MessageTypeCode } from '../protocol/codes.js';

/** What a client sends, by name. */
const CLIENT_MESSAGES: readonly string[] = Object.entries<MessageTypeCode>(MESSAGE_TYPE).flatMap(([name, { dir }]) =>
  dir === 'out' ? [name] : [],
);

/** `open`: a socket of the client's that opened; `close`: one that the client ended. */
const ACTS = ['open', 'close'] as const;

/** Whether `see` names what a client does, and not a moment of the scenario. */
export const isClientAct = (see: string): boolean => [...ACTS, ...CLIENT_MESSAGES].includes(see);

const Text = v.pipe(v.string(), v.nonEmpty('is empty'));
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

const Expectation = v.pipe(
  v.strictObject({
    /** In words; a client that does not is at fault. */
    must: v.exactOptional(Text),
    /** In words; a client that does not is tolerated by Zoom, as far as is known. */
    should: v.exactOptional(Text),
    /** Judged only where this moment came. */
    given: v.exactOptional(Text),
    /** No finding of the rule of this id. */
    rule: v.exactOptional(Text),
    /** A message of the client's, `open`, `close`, or a moment of the scenario. */
    see: v.exactOptional(Text),
    on: v.exactOptional(v.picklist(['signaling', 'media'])),
    /** Counted from the first time this moment came; where it never did, there is nothing to judge. */
    since: v.exactOptional(Text),
    /** In ms of the server's clock after `since`. */
    within: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    /** 1, or 0 where `most` is given. */
    least: v.exactOptional(Count),
    /** On any one socket. */
    most: v.exactOptional(Count),
  }),
  v.check(({ must, should }) => (must === undefined) !== (should === undefined), 'has one of must and should'),
  v.check(({ rule, see }) => (rule === undefined) !== (see === undefined), 'has one of rule and see'),
);

export const Expectations = v.pipe(v.array(Expectation), v.nonEmpty('expects nothing'), v.readonly());
export type Expectation = v.InferOutput<typeof Expectation>;
