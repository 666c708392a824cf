/** When the server asks for a reconnection, the client reconnects in time, and to where it was told. */
import { DOCS } from '../protocol/docs.js';
import { FORMER_MEDIA_WINDOW_MS, RECONNECT_WINDOW_MS } from '../protocol/timing.js';
import type { Connection, Timeline } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { ownEndings, recalls, type Recall } from './shared/endings.js';

export const failoverIgnored = defineRule({
  id: 'failover-ignored',
  section: 'Close',
  title: 'the client reconnected when the server asked for it',
  failureTitle: 'the client did not reconnect when the server asked for it',
  why: 'A second started event with another URL is no duplicate: the stream waits there, and ends if nobody comes.',
  docs: DOCS.failover,
  absence: true,
  needs: ['frame'],
  check: (timeline) => {
    const verdicts = recalls(timeline).flatMap((recall) => judge(recall, timeline));
    const faults = verdicts.filter(({ status }) => status !== 'pass');
    // The server says one loss in several ways.
    return faults.length > 0 ? faults.slice(0, 1) : verdicts;
  },
});

const FIXES: Readonly<Record<Recall['kind'], string>> = {
  failover: 'on a second rtms_started with the same rtms_stream_id close both sockets, connect both to its server_urls',
  interrupted: 'subscribe to rtms_interrupted and connect signaling, then media, to the stored URL again within 60 s',
  media: 'on event 7 open the media socket again (3, 4, then 7 on signaling), after 3 s, 6 s, 12 s …, within 30 s',
};

/** Nothing while there is time, or where the stream ended before it was up. */
function judge(recall: Recall, timeline: Timeline): Verdict[] {
  const { kind, number, t } = recall;
  const leg = kind === 'media' ? 'media' : 'signaling';
  const window = RECONNECT_WINDOW_MS[leg];
  const later = timeline.connections.filter(({ begin }) => begin >= t && begin <= t + window);
  const back = later.find((connection) => legOf(connection) === leg);
  if (back) return wrongServer(recall, back) ?? mediaLeft(recall, later, timeline) ?? [passed(recall, back)];
  const waited = timeline.end - t;
  const over = ownEndings(timeline).some((ending) => ending.t >= t && ending.t <= t + window);
  if (over || (kind === 'media' && flowsOn(timeline, t))) return [];
  const message = `${recall.said}, and ${leg} was not opened again in ${duration(Math.min(waited, window))}`;
  const base = { cause: kind, message, evidence: [{ event: number, note: 'asked here' }], fix: FIXES[kind] };
  if (waited >= window) return [{ ...base, status: 'fail', certainty: 'certain' }];
  const late = kind === 'media' && waited >= FORMER_MEDIA_WINDOW_MS;
  return late ? [{ ...base, status: 'warn', certainty: 'likely' }] : [];
}

const legOf = ({ socket }: Connection): 'signaling' | 'media' => (socket === 'signaling' ? socket : 'media');

const passed = ({ t }: Recall, { socket, begin }: Connection): Verdict => ({
  status: 'pass',
  message: `${socket} was opened again ${duration(begin - t)} later`,
});

/** The host is on record where the recorder dialled. */
function wrongServer({ urls, number }: Recall, { phases, socket }: Connection): Verdict[] | undefined {
  const dns = phases.get('dns');
  const [earlier, newer] = [urls?.earlier, urls?.newer].map(hostOf);
  if (!dns || newer === undefined || earlier === newer || dns.event.detail['host'] !== earlier) return undefined;
  return [
    {
      status: 'fail',
      certainty: 'certain',
      cause: 'old-url',
      message: `${socket} was opened again at ${earlier}; ${newer}, of the newer webhook, is expected`,
      evidence: [
        { event: number, note: `asked here, for ${newer}` },
        { event: dns.number, note: `to ${earlier}` },
      ],
      fix: FIXES.failover,
    },
  ];
}

const hostOf = (url = ''): string | undefined => (URL.canParse(url) ? new URL(url).hostname : undefined);

/** Without signaling its media is lost too. */
function mediaLeft(
  { kind, number, t }: Recall,
  later: readonly Connection[],
  timeline: Timeline,
): Verdict[] | undefined {
  const had = timeline.connections.some((connection) => legOf(connection) === 'media' && connection.begin < t);
  const accepted = later.find((connection) => legOf(connection) === 'signaling' && connection.accepted);
  const has = later.some((connection) => legOf(connection) === 'media');
  const early = timeline.end - t < RECONNECT_WINDOW_MS.signaling;
  if (kind === 'media' || !had || !accepted || has || early) return undefined;
  return [
    {
      status: 'fail',
      certainty: 'certain',
      cause: 'media-left',
      message: 'signaling was opened again, and no media socket; both are expected',
      evidence: [{ event: number, note: 'asked here' }],
      fix: 'repeat the whole sequence: handshake, media handshakes, CLIENT_READY_ACK, and subscriptions',
    },
  ];
}

/** Whether every media socket went on as if nothing had happened. */
function flowsOn({ mediaSockets }: Timeline, t: number): boolean {
  const alive = t + FORMER_MEDIA_WINDOW_MS;
  const flows = mediaSockets.map(({ media }) => [...media.values()].some(({ lastAt }) => lastAt > alive));
  return flows.length > 0 && flows.every(Boolean);
}
