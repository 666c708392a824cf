/**
 * Ranks what can be behind a close once every rule has spoken: what a rule has settled is left to it, what the
 * circumstances exclude is ruled out, the rest is likely or possible and comes with the step that settles it.
 */
import type { Connection, Timeline } from '../../session/timeline.js';
import { closedWithoutReply } from '../closed-without-reply.js';
import { ranked, type Diagnosis, type Finding, type Rule, type RuledOut, type Section } from '../rule.js';
import { answerTo } from '../questions/answers.js';
import { factOf } from '../shared/checks.js';
import { isAccepted, newestConnections } from '../shared/connections.js';
import { ownEndings } from '../shared/endings.js';
import { CLOSE_CAUSES, holding, type CloseCause, type CloseFacts } from './causes.js';

/** The diagnosis with what is left to suspect; unchanged where no close is found fault with, or its cause is certain. */
export function explainClose(diagnosis: Diagnosis, timeline: Timeline, rules: readonly Rule[]): Diagnosis {
  // A close that ends a good session, or that this side wished, needs no explanation.
  const fault = diagnosis.findings.find(({ rule }) => rule === closedWithoutReply.id);
  const facts = fault && closeFacts(fault, timeline);
  if (!facts || hasCertainCause(diagnosis, rules)) return diagnosis;
  const open = CLOSE_CAUSES.filter((cause) => !isSettled(cause, diagnosis.results));
  const excluded = open.flatMap((cause) => exclusion(cause, facts));
  const suspicions = open.flatMap((cause) => suspicion(cause, facts)).toSorted((a, b) => b.score - a.score);
  const best = suspicions[0]?.score;
  const suspects = suspicions.map(({ score, ...suspect }) => finding(suspect, score === best, rules));
  const { findings, ruledOut } = diagnosis;
  return {
    ...diagnosis,
    findings: ranked([...findings, ...suspects], rules),
    ruledOut: [...ruledOut, ...excluded.filter(({ subject }) => !ruledOut.some((other) => other.subject === subject))],
  };
}

/** What is known of the close that is found fault with: seen, or else told. */
function closeFacts({ evidence: [place] }: Finding, timeline: Timeline): CloseFacts | undefined {
  const closed = newestConnections(timeline).find(({ close }) => close?.number === place?.event);
  const reported = timeline.check('close-reported');
  const circumstances = {
    signatureMatches: timeline.check('signature-mismatch')?.event.ok === true,
    alone: answerTo(timeline, 'other-client')?.value === 'no',
  };
  if (closed) return { ...seenClose(closed, timeline), ...circumstances };
  if (!reported) return undefined;
  const number = (name: string): number | undefined => {
    const text = factOf(reported, name);
    return text === undefined ? undefined : Number(text);
  };
  const [code, afterMs, framesIn] = ['code', 'afterMs', 'framesIn'].map(number);
  return {
    ...(code !== undefined && { code }),
    ...(afterMs !== undefined && { afterMs }),
    ...(framesIn !== undefined && { framesIn }),
    accepted: false,
    ended: ownEndings(timeline).length > 0,
    counted: false,
    joined: false,
    ...circumstances,
  };
}

function seenClose(connection: Connection, timeline: Timeline): Omit<CloseFacts, 'signatureMatches' | 'alone'> {
  const { close, handshake, received, counts } = connection;
  const { signaling } = timeline;
  return {
    ...(close && { code: close.event.code, by: close.event.by }),
    ...(close && handshake && { afterMs: close.event.t - handshake.event.t }),
    framesIn: received,
    binaryIn: counts.in.binary,
    accepted: isAccepted(connection),
    ended: ownEndings(timeline).some(({ t }) => close !== undefined && t <= close.event.t),
    counted: true,
    joined: connection !== signaling && signaling !== undefined && isAccepted(signaling),
  };
}

/** Where a failure explains a close: what was connected from, to, and with. */
const EXPLAINING: readonly Section[] = ['Payload', 'Network', 'Handshake', 'Close'];

/** A certain failure is explanation enough, and suspicions beside it only distract. */
const hasCertainCause = ({ findings }: Diagnosis, rules: readonly Rule[]): boolean =>
  findings.some(({ rule: id, status, certainty }) => {
    const rule = rules.find((each) => each.id === id);
    const explains = rule && rule.symptom !== true && EXPLAINING.includes(rule.section);
    return explains === true && status === 'fail' && certainty === 'certain';
  });

function isSettled({ settledBy, elsewhere }: CloseCause, results: readonly Finding[]): boolean {
  const own = results.filter(({ rule, status }) => settledBy.includes(rule) && status !== 'skip');
  const found = own.some(({ status }) => status === 'fail' || status === 'warn');
  const passed = settledBy.length > 0 && settledBy.every((id) => own.some(({ rule }) => rule === id));
  return found || (passed && elsewhere !== true);
}

function exclusion({ rule, cause, subject, excludedBy }: CloseCause, facts: CloseFacts): RuledOut[] {
  const [message] = holding(excludedBy, facts);
  return message === undefined ? [] : [{ rule, cause, subject, message }];
}

interface Suspicion {
  readonly cause: CloseCause;
  /** How many circumstances speak for it. */
  readonly score: number;
  readonly evidence: readonly string[];
}

/** What some circumstance speaks for and none against. */
function suspicion(cause: CloseCause, facts: CloseFacts): Suspicion[] {
  const evidence = holding(cause.speaksFor, facts);
  const against = holding([...cause.speaksAgainst, ...cause.excludedBy], facts);
  return evidence.length > 0 && against.length === 0 ? [{ cause, score: evidence.length, evidence }] : [];
}

/** Likely is what the most circumstances speak for. */
function finding({ cause, evidence }: Omit<Suspicion, 'score'>, likely: boolean, rules: readonly Rule[]): Finding {
  return {
    rule: cause.rule,
    cause: cause.cause,
    status: 'warn',
    certainty: likely ? 'likely' : 'possible',
    message: cause.message,
    evidence: evidence.map((note) => ({ note })),
    fix: cause.next,
    docs: rules.find(({ id }) => id === cause.rule)?.docs ?? '',
  };
}
