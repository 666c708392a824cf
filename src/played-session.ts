/** One stream of the mock, played for a client: what happens on it goes to its session, its webhooks to the app. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LiveSession, type LiveSetting, type Outcome } from './live-session.js';
import { EXIT } from './errors.js';
import { demoStream } from './net/demo.js';
import type { MockStream } from './net/mock-stream.js';
import type { Scenario } from './net/scenario.js';
import { clockAt } from './net/schedule.js';
import type { MockHost } from './net/server.js';
import type { MediaFiles } from './net/synthetic-media.js';
import type { WebhookSender } from './net/webhook-sender.js';
import { MESSAGE_TYPE, STOP_REASON } from './protocol/codes.js';
import { MEDIA } from './protocol/media.js';
import { decodeWebhook, type Product } from './protocol/webhooks.js';
import { RecordFile } from './record-file.js';
import { handshakeRefused } from './rules/handshake-refused.js';
import { CLIENT_RULES } from './rules/index.js';
import { mediaRefused } from './rules/media-refused.js';
import type { Rule } from './rules/rule.js';
import type { SessionEvent, SessionHeader } from './session/event.js';
import { readFrame, webhookEvent } from './session/message.js';
import { TOOL } from './version.js';

export interface PlayedSetting extends Omit<LiveSetting, 'rules' | 'now' | 'shows' | 'prompt' | 'receives'> {
  readonly credentials: NonNullable<LiveSetting['credentials']>;
  readonly server: MockHost;
  readonly product: Product;
  readonly files: MediaFiles;
  /** How many times as fast the server's clock runs. */
  readonly speed: number;
  /** Delivers the webhooks; without it they are only put on record. */
  readonly sender: WebhookSender | undefined;
  /** Whether close frames tell what is wrong. */
  readonly tell: boolean;
  /** Of the first session's recording; those of the others are numbered. */
  readonly recordPath: string | undefined;
  /** Whether media data is put on record. */
  readonly mediaEvents: boolean;
  /** Whether each session is reported on its own. */
  readonly reports: boolean;
}

/** How long the last webhook and the last close may take to be answered once all is over. */
const LAST_ANSWER_MS = 3000;

/** A path for each session: the first has the one that was given. */
export const numberedPath = (path: string, number: number): string =>
  number === 1 ? path : path.replace(/(?:(?:\.rtms)?\.\w+)?$/, (extension) => `-${number}${extension}`);

/** A stream from its webhook to its end, for as many clients as come. */
export class PlayedSession {
  readonly live: LiveSession;
  /** Resolves when a client has come. */
  readonly met: Promise<void>;
  /** Resolves when the script says that all has been seen. */
  readonly finished: Promise<void>;
  readonly #number: number;
  readonly #scenario: Scenario;
  readonly #setting: PlayedSetting;
  readonly #record: RecordFile | undefined;
  readonly #deliveries = new Set<Promise<boolean>>();
  #stream: MockStream;
  /** Without its beginning, an app has no use for the end. */
  #announced = false;
  #meet: () => void = () => undefined;
  #finish: () => void = () => undefined;

  private constructor(
    number: number,
    scenario: Scenario,
    header: SessionHeader,
    record: RecordFile | undefined,
    setting: PlayedSetting,
  ) {
    const { speed, options } = setting;
    this.#number = number;
    this.#scenario = scenario;
    this.#setting = setting;
    this.#record = record;
    this.live = new LiveSession(number, header, Promise.resolve(record), {
      ...setting,
      receives: false,
      rules: rulesFor(scenario),
      now: () => performance.now() * speed,
      shows: options.verbose ? () => true : isTelling,
      prompt: true,
    });
    this.met = new Promise((resolve) => {
      this.#meet = resolve;
    });
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#stream = this.#open();
  }

  /** Opens the stream, and its recording. Throws RtmsError (`disk`, `usage`) where it cannot be recorded. */
  static async begin(number: number, scenario: Scenario, setting: PlayedSetting): Promise<PlayedSession> {
    const { product, recordPath, terminal } = setting;
    const header: SessionHeader = {
      rtms: 1,
      tool: TOOL,
      command: 'mock',
      startedAt: new Date().toISOString(),
      product,
    };
    const path = recordPath === undefined ? undefined : numberedPath(recordPath, number);
    const record =
      path === undefined
        ? undefined
        : await RecordFile.create(path, header, (reason) =>
            terminal.err.line(
              `recording stopped: ${reason}; the mock goes on, ${path} is good up to its last whole line`,
            ),
          );
    return new PlayedSession(number, scenario, header, record, setting);
  }

  /** The signaling URL. */
  get url(): string {
    return this.#stream.url;
  }

  /** The started webhook, as it would be posted. */
  get webhook(): object {
    return this.#stream.webhook;
  }

  /** Sends the started webhook, where there is an app to send it to. */
  start(): void {
    this.#announced = true;
    if (this.#setting.sender) this.#stream.delivered();
    this.#deliver(this.#stream.webhook);
  }

  /** The same stream once more for the next client, as it was before the first. */
  renew(): void {
    this.live.emit({ type: 'note', text: 'the stream is over; for the next client it begins anew' });
    this.#stream = this.#open();
    this.#deliver(this.#stream.webhook);
  }

  /** Resolves when the stream is over. */
  get over(): Promise<void> {
    return this.#stream.over;
  }

  /** Ends the stream as a meeting ends, waits for the last answers, and tells what came of it all. */
  async close(): Promise<Outcome> {
    this.#stream.stop(STOP_REASON.MEETING_ENDED.value);
    const patience = new AbortController();
    const answered = Promise.all([this.#stream.left, ...this.#deliveries]);
    await Promise.race([answered, sleep(LAST_ANSWER_MS, undefined, patience).catch(() => undefined)]);
    patience.abort();
    await this.#stream.dispose();
    if (this.#setting.reports) this.live.report();
    else this.live.rest();
    await this.#record?.close();
    const { outcome } = this.live;
    const isWhole = this.#record?.failure === undefined;
    return { ...outcome, exitCode: outcome.exitCode === EXIT.ok && !isWhole ? EXIT.incomplete : outcome.exitCode };
  }

  #open(): MockStream {
    const { server, credentials, product, files, speed, tell, mediaEvents } = this.#setting;
    const { clientId, clientSecret } = credentials;
    const { live } = this;
    const { fields, ...demo } = demoStream(product, this.#number);
    const stream = server.open(
      {
        scenario: this.#scenario,
        credentials: { clientId: clientId.value, clientSecret: clientSecret.value },
        stream: demo,
        webhookFields: fields,
        mediaFiles: files,
        clock: clockAt(speed),
        mediaEvents,
        onEvent: (body) => {
          live.emit(body);
          if (body.type === 'phase') this.#meet();
        },
        onVerdict: (what, why) => this.#verdict(what, why),
        onWebhook: (body) => this.#deliver(body),
        onFinish: () => this.#finish(),
        ...(tell && { tell: (why) => this.#reason(why) }),
      },
      this.#number,
    );
    live.begin(decodeWebhook(stream.webhook));
    return stream;
  }

  #deliver(webhook: object): void {
    const { sender } = this.#setting;
    const { emit } = this.live;
    if (!this.#announced) return;
    if (!sender) {
      emit(webhookEvent({}, Buffer.from(JSON.stringify(webhook))));
      return;
    }
    const delivery = sender.deliver(webhook, emit);
    this.#deliveries.add(delivery);
    void delivery.then(() => this.#deliveries.delete(delivery));
  }

  /** What the rules have said already needs no other words. */
  #verdict(what: string, why?: () => string): void {
    const reason = why && !this.live.opinion ? `: ${why()}` : '';
    this.live.emit({ type: 'note', text: `the mock says: ${what}${reason}` });
  }

  #reason(why: () => string): string {
    const { opinion } = this.live;
    return opinion ? `${opinion.rule}: ${opinion.message}` : why();
  }
}

/** A refusal that the scenario has is no fault of the client's. */
function rulesFor({ script }: Scenario): readonly Rule[] {
  const refuses = script.some(({ do: action }) => action === 'refuse');
  return refuses ? CLIENT_RULES.filter((rule) => !REFUSALS.includes(rule)) : CLIENT_RULES;
}

const REFUSALS: readonly Rule[] = [handshakeRefused, mediaRefused];

const MEDIA_DATA: readonly (number | undefined)[] = Object.values(MEDIA).flatMap(({ msgType }) => msgType ?? []);
const ROUTINE: readonly (number | undefined)[] = [
  ...MEDIA_DATA,
  MESSAGE_TYPE.KEEP_ALIVE_REQ.value,
  MESSAGE_TYPE.KEEP_ALIVE_RESP.value,
];

/** That a socket opens, media and keep-alives say little as long as all goes well. */
function isTelling(event: SessionEvent): boolean {
  if (event.type === 'frame') return !ROUTINE.includes(readFrame(event).message.msg_type);
  return event.type !== 'phase';
}
