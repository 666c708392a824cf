/** Which findings of a session that still runs are worth telling now, each once. It judges nothing itself. */
import type { Diagnosis, Finding } from './rules/rule.js';

/** Ask it at every judgement of one session, some time apart. */
export class News {
  #standing = new Set<string>();
  readonly #told = new Set<string>();

  /** Those that held the last time too: what the next event takes back was only a matter of when it was asked. */
  from({ findings }: Diagnosis): Finding[] {
    const before = this.#standing;
    this.#standing = new Set(findings.map(keyOf));
    return this.now(findings.filter((finding) => before.has(keyOf(finding))));
  }

  /** Those that have not been told yet, of findings that no later event takes back. */
  now(findings: readonly Finding[]): Finding[] {
    const news = findings.filter((finding) => !this.#told.has(keyOf(finding)));
    for (const finding of news) this.#told.add(keyOf(finding));
    return news;
  }
}

/** The message counts on as time passes; what it rests on stays. */
const keyOf = ({ rule, cause, evidence: [first] }: Finding): string => [rule, cause, first?.event].join(' ');
