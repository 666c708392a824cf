/** `rtms doctor`: judges everything it is given, ranks what can be wrong, and names the one thing to do next. */
import { writeAnswers, type Answers } from '../answers-file.js';
import { Config, type GlobalOptions } from '../config.js';
import { EXIT, type ExitCode } from '../errors.js';
import { readEvidence, type Evidence, type EvidenceOptions } from '../evidence.js';
import { examine, readExamination, type Examination, type ExaminationOptions } from '../examine/examination.js';
import { leadFrom, withFiles } from '../lead.js';
import { diagnosisLines, findingLines } from '../report/diagnosis-view.js';
import { checklistLines, scoreLine, sectionLines, summaryOf } from '../report/doctor-view.js';
import { labelled, wrap } from '../report/text.js';
import { quoted } from '../rerun.js';
import { diagnose, RULES } from '../rules/index.js';
import { openQuestions } from '../rules/questions/open.js';
import type { Question } from '../rules/questions/question.js';
import { answerEvent, choicesOf, findingOf } from '../rules/questions/questions.js';
import { exitCodeOf, type Diagnosis } from '../rules/rule.js';
import { answersIn } from '../rules/questions/answers.js';
import type { EventBody } from '../session/event.js';
import { eventRedactor } from '../session/redact.js';
import { Timeline } from '../session/timeline.js';
import { Terminal } from '../terminal.js';

export interface DoctorOptions extends GlobalOptions, EvidenceOptions, ExaminationOptions {
  readonly ask?: boolean;
  readonly saveAnswers?: string;
}

/** Runs the command. Throws RtmsError for input that cannot be read or contradicts itself. */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const terminal = new Terminal(options, process.env);
  const config = new Config(options, process.env);
  try {
    const evidence = await readEvidence(toRead(options), config);
    for (const text of [...config.warnings.map((warning) => `warning: ${warning}`), ...evidence.notes]) {
      terminal.notice(text);
    }
    const checkUp = new CheckUp(evidence, options);
    const known = { webhook: evidence.webhook, product: evidence.header.product, delayMs: checkUp.handshakeDelayMs };
    const examination = await readExamination(options, known, config, terminal);
    if (!(await carriedOut(examination, checkUp, terminal))) return EXIT.interrupted;
    const isAnswered = options.ask !== true || (await interview(checkUp, terminal));
    if (options.saveAnswers !== undefined) await writeAnswers(options.saveAnswers, checkUp.answers);
    if (!isAnswered) terminal.notice(keptWords(options));
    const lines = options.json ? jsonReport : textReport;
    for (const line of lines(checkUp, options, terminal)) terminal.out.line(line);
    return isAnswered ? exitCodeOf(checkUp.diagnosis, RULES) : EXIT.interrupted;
  } finally {
    await terminal.flush();
  }
}

/** A handshake that is about to be sent is evidence once it is, with what the server makes of it. */
function toRead(options: DoctorOptions): DoctorOptions {
  const { handshake, ...others } = options;
  return handshake !== undefined && options.live && !options.bisect ? others : options;
}

/** Whether it came to its end; then all that was found out is judged. */
async function carriedOut(examination: Examination, checkUp: CheckUp, terminal: Terminal): Promise<boolean> {
  const interrupt = new AbortController();
  const forget = terminal.onInterrupt(() => interrupt.abort());
  const redact = eventRedactor({ secrets: examination.secrets });
  await examine(examination, terminal, (body, source) => checkUp.add(redact(body), source), interrupt.signal);
  forget();
  checkUp.judge();
  return !interrupt.signal.aborted;
}

/** The evidence so far and what it comes to. */
class CheckUp {
  readonly timeline: Timeline;
  readonly #sources: string[];
  readonly #startedAt = performance.now();
  readonly #begin: number;
  diagnosis: Diagnosis;

  constructor({ header, events }: Evidence, { live, mock }: DoctorOptions) {
    // Only where a stream is opened now does it matter how old its webhook is.
    const isNow = header.startedAt === '' && live === true && mock === undefined;
    this.timeline = new Timeline(
      isNow ? { ...header, startedAt: new Date().toISOString() } : header,
      events.map(({ event }) => event),
    );
    this.#sources = events.map(({ source }) => source);
    this.#begin = this.timeline.end;
    this.diagnosis = this.#judged();
  }

  /** How long after the WebSocket was open the client sent its handshake, where a recording shows it. */
  get handshakeDelayMs(): number | undefined {
    const { phases, handshake } = this.timeline.signaling ?? {};
    const opened = phases?.get('upgrade')?.event;
    return opened && handshake ? Math.max(0, Math.round(handshake.event.t - opened.t)) : undefined;
  }

  /** What only a person can tell and is worth telling, the most telling first. */
  get questions(): Question[] {
    return openQuestions(this.timeline, this.diagnosis.results);
  }

  /** Every answer, from a file or just given, by question. */
  get answers(): Answers {
    return answersIn(this.timeline);
  }

  readonly sourceOf = (event: number): string | undefined => this.#sources[event - 1];

  /** Returns the event's number. Nothing is judged by it before `judge`. */
  add(body: EventBody, source: string): number {
    const t = this.#begin + Math.round(performance.now() - this.#startedAt);
    this.timeline.push({ t: Math.max(t, this.timeline.end), ...body });
    return this.#sources.push(source);
  }

  take(question: string, answer: string): void {
    this.add(answerEvent(question, answer), 'your answer');
    this.judge();
  }

  judge(): void {
    this.diagnosis = this.#judged();
  }

  #judged(): Diagnosis {
    return diagnose(this.timeline);
  }
}

const keptWords = ({ saveAnswers }: DoctorOptions): string =>
  saveAnswers === undefined
    ? 'the answers so far count in what follows, and are not kept: --save-answers FILE keeps them'
    : `the answers so far count in what follows, and are kept in ${saveAnswers}: --answers ${quoted(saveAnswers)} goes on from there`;

/**
 * One question after the other: each answer can settle those that follow. Where nobody can answer, none is asked.
 * Returns whether it came to its end.
 */
async function interview(checkUp: CheckUp, { choose }: Terminal): Promise<boolean> {
  if (!choose) return true;
  for (let [question] = checkUp.questions; question; [question] = checkUp.questions) {
    const { id, question: message, where } = question;
    const answer = await choose({ message, ...(where !== undefined && { hint: where }), choices: choicesOf(question) });
    if (answer === undefined) return false;
    checkUp.take(id, answer);
  }
  return true;
}

/** What is to be done next, with the user's own files in every fix. */
function report({ diagnosis, questions, timeline }: CheckUp, options: DoctorOptions) {
  const asked = options.ask === false ? [] : questions;
  const next = leadFrom({ given: options, timeline, diagnosis, questions: asked, args: process.argv.slice(2) });
  const findings = diagnosis.findings.map((finding) => ({
    ...finding,
    ...(finding.fix !== undefined && { fix: withFiles(finding.fix, options) }),
  }));
  return { asked, findings, next: next === undefined ? 'nothing to do' : withFiles(next, options) };
}

function jsonReport(checkUp: CheckUp, options: DoctorOptions): string[] {
  const { asked, findings, next } = report(checkUp, options);
  const { ruledOut, results } = checkUp.diagnosis;
  const ok = exitCodeOf(checkUp.diagnosis, RULES) === EXIT.ok;
  const all = [...findings, ...asked.map((question) => findingOf(question, RULES))];
  const summary = summaryOf(results, asked.length);
  return [JSON.stringify({ schemaVersion: 1, ok, summary, findings: all, ruledOut, next })];
}

function textReport(checkUp: CheckUp, options: DoctorOptions, { chalk, columns, choose }: Terminal): string[] {
  const { diagnosis, timeline, sourceOf } = checkUp;
  const verbose = options.verbose === true;
  const { asked, findings, next } = report(checkUp, options);
  const isListed = options.ask === true && asked.length > 0 && choose === undefined;
  const how = asked.length > 0 && !isListed ? ' (rtms doctor --ask)' : '';
  const score = wrap(`${scoreLine(summaryOf(diagnosis.results, asked.length))}${how}`, columns);
  const view = { chalk, columns, rules: RULES, verbose };
  const nextLines = labelled('next', next, { columns });
  const [first] = findings;
  if (options.quiet) return [...score, ...(first ? findingLines(first, 1, { ...view, sourceOf }) : []), ...nextLines];
  const explained = diagnosisLines({ ...diagnosis, findings }, { ...view, next, sourceOf });
  return [
    ...sectionLines(diagnosis.results, { ...view, seen: timeline.seen }),
    '',
    ...score,
    '',
    ...(explained.length > 0 ? explained : nextLines),
    ...(isListed ? ['', ...checklistLines(asked, columns)] : []),
  ];
}
