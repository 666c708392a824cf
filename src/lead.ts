/** Where a check-up leads to: the one thing to do next, as something to type. It judges nothing. */
import type { EvidenceOptions } from './evidence.js';
import { closedWithoutReply } from './rules/closed-without-reply.js';
import { handshakeRefused } from './rules/handshake-refused.js';
import { answersIn } from './rules/questions/answers.js';
import type { Question } from './rules/questions/question.js';
import { isSuspicion, type Diagnosis, type Finding } from './rules/rule.js';
import type { Timeline } from './session/timeline.js';
import { quoted, rerunLine } from './rerun.js';

/** What was given on the command line. */
export type Given = Pick<EvidenceOptions, 'payload' | 'handshake' | 'session' | 'closeCode' | 'after' | 'framesIn'>;

export interface CheckedUp {
  readonly given: Given;
  readonly timeline: Timeline;
  readonly diagnosis: Diagnosis;
  readonly questions: readonly Question[];
  /** The arguments of the command line. */
  readonly args: readonly string[];
}

const isSymptom = ({ rule }: Finding): boolean => rule === closedWithoutReply.id;

/** How answers are asked for and in what form they are told is no part of what was checked. */
const HOW: readonly string[] = ['--ask', '--json', '--quiet', '-q', '--verbose', '-v'];

const again = ({ args }: CheckedUp, ...more: readonly string[]): string => {
  const kept = args.filter((arg) => !HOW.includes(arg));
  return [rerunLine(kept), ...more].join(' ');
};

const SIGN = 'set ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET, so that the signature can be recomputed';

interface Lead {
  readonly when: (checked: CheckedUp) => boolean;
  readonly step: (checked: CheckedUp) => string;
}

const isClose = ({ diagnosis }: CheckedUp): boolean => diagnosis.findings.some(isSymptom);
const untold = ({ given: { after, framesIn } }: CheckedUp): string[] => [
  ...(after === undefined ? ['--after 1.8s'] : []),
  ...(framesIn === undefined ? ['--frames-in 0'] : []),
];
const ungiven = ({ given: { payload, handshake }, timeline }: CheckedUp): string[] => [
  ...(payload === undefined && timeline.webhooks.length === 0 ? ['--payload started.json'] : []),
  ...(handshake === undefined && !timeline.seen.has('frame') ? ['--handshake mine.json'] : []),
];
const isUnsigned = ({ timeline }: CheckedUp): boolean =>
  timeline.connections.some(({ handshake }) => handshake !== undefined) &&
  !timeline.seen.has('check:signature-mismatch') &&
  !timeline.seen.has('check:signature-shape');
const suspect = ({ diagnosis }: CheckedUp): Finding | undefined =>
  diagnosis.findings.find((finding) => !isSymptom(finding) && isSuspicion(finding));

/** The first that holds is told. */
const LEADS: readonly Lead[] = [
  {
    when: ({ diagnosis }) => diagnosis.findings.some((finding) => !isSymptom(finding) && !isSuspicion(finding)),
    step: (checked) => `fix 1, then: ${again(checked)}`,
  },
  {
    when: (checked) => checked.given.closeCode !== undefined && untold(checked).length > 0,
    step: (checked) =>
      `say when it closed, and how many frames had come in, of every opcode: ${again(checked, ...untold(checked))}`,
  },
  {
    // It lies in the user's own hands, and says more than all else that could be given.
    when: (checked) => suspect(checked)?.rule === handshakeRefused.id,
    step: (checked) => suspect(checked)?.fix ?? '',
  },
  {
    when: (checked) => isClose(checked) && ungiven(checked).length > 0,
    step: (checked) => `give what you received and what you send: ${again(checked, ...ungiven(checked))}`,
  },
  { when: isUnsigned, step: (checked) => `${SIGN}, then: ${again(checked)}` },
  {
    when: (checked) => isClose(checked) && suspect(checked) !== undefined,
    step: (checked) => {
      const { payload = 'started.json' } = checked.given;
      const fix = suspect(checked)?.fix ?? '';
      return `${fix}; or see whether a client that is right gets an answer: rtms connect --payload ${quoted(payload)}`;
    },
  },
  {
    when: isClose,
    step: ({ diagnosis }) => diagnosis.findings.find(isSymptom)?.fix ?? '',
  },
  {
    when: ({ timeline }) => answersIn(timeline)['symptom'] === 'silent-close',
    step: (checked) => `say how it closed: ${again(checked, '--close-code 1000 --after 1.8s --frames-in 0')}`,
  },
  {
    when: ({ given, timeline }) => given.payload !== undefined && timeline.started !== undefined,
    step: ({ given: { payload = '' } }) => `open the stream, while it runs: rtms connect --payload ${quoted(payload)}`,
  },
  { when: ({ questions }) => questions.length > 0, step: (checked) => `answer the questions: ${again(checked, '--ask')}` },
];

/** Undefined where nothing is left to do. */
export const leadFrom = (checked: CheckedUp): string | undefined =>
  LEADS.find(({ when }) => when(checked))?.step(checked);

/** A fix with the user's own files in place of the names that stand for them. */
export function withFiles(fix: string, { payload, handshake, session }: Given): string {
  const own = [
    ['started.json', payload],
    ['mine.json', handshake],
    ['RECORDING', session],
  ] as const;
  return own.reduce(
    (text, [standIn, path]) => (path === undefined || path === '-' ? text : text.replaceAll(standIn, quoted(path))),
    fix,
  );
}
