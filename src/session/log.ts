/** The log of a running session: stamps each event with its time, hides secrets, and hands it on. Keeps nothing. */
import type { EventBody, SessionEvent } from './event.js';
import { sharesReading } from './message.js';

export type Sink = (event: SessionEvent, number: number) => void;

/** Everything that is emitted goes through here, once, to every sink. */
export class SessionLog {
  readonly #start: number;
  readonly #now: () => number;
  readonly #redact: (body: EventBody) => EventBody;
  readonly #sinks: readonly Sink[];
  #count = 0;

  /** `now` is a monotonic clock in ms, `start` when by it the session began; `redact` runs before any sink sees the event. */
  constructor(options: {
    readonly now: () => number;
    readonly start?: number;
    readonly redact: (body: EventBody) => EventBody;
    readonly sinks: readonly Sink[];
  }) {
    this.#now = options.now;
    this.#start = options.start ?? options.now();
    this.#redact = options.redact;
    this.#sinks = options.sinks;
  }

  /** Milliseconds since the log began, to the microsecond. */
  get elapsed(): number {
    return this.#since(this.#now());
  }

  /** Returns the event's number: 1 for the first, so that it stands on line number + 1 of a recording. `at` is by `now`. */
  emit(body: EventBody, at = this.#now()): number {
    this.#count += 1;
    const redacted = this.#redact(body);
    const event: SessionEvent = { t: this.#since(at), ...redacted };
    // Where nothing was hidden, what was read on arrival holds for the stamped copy too.
    if (event.type === 'frame' && body.type === 'frame' && redacted === body) sharesReading(event, body);
    for (const sink of this.#sinks) sink(event, this.#count);
    return this.#count;
  }

  #since(time: number): number {
    return Math.round((time - this.#start) * 1000) / 1000;
  }
}
