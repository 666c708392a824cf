/** The signs that this stream is over, or is to be connected to again, apart from those of other streams. */
import { EVENT_TYPE, MESSAGE_TYPE, STOP_REASON, STREAM_STATE } from '../../protocol/codes.js';
import { isObject } from '../../protocol/json.js';
import type { Message } from '../../protocol/messages.js';
import { relationTo } from '../../protocol/webhooks.js';
import type { Connection, Ending, Timeline, WebhookEntry } from '../../session/timeline.js';

/** The endings of the stream that was connected to: a stopped webhook of another stream is no evidence. */
export function ownEndings(timeline: Timeline): Ending[] {
  const own = ownStreams(timeline);
  return timeline.endings.filter(({ number, source }) => {
    if (source !== 'webhook') return true;
    const stopped = timeline.webhooks.find((entry) => entry.number === number)?.webhook.streamId;
    return stopped === undefined || own.length === 0 || own.includes(stopped);
  });
}

/** The ids of the streams connected to: of the handshakes sent, or else of the webhooks that began a stream. */
function ownStreams({ connections, webhooks }: Timeline): string[] {
  const sent = connections.flatMap((connection) => streamOf(connection) ?? []);
  if (sent.length > 0) return sent;
  return webhooks.flatMap(({ webhook: { kind, streamId } }) => (kind === 'started' && streamId ? [streamId] : []));
}

/** The stream a connection was opened for, by its handshake. */
export function streamOf({ handshake }: Connection): string | undefined {
  const fields = handshake?.reading.value;
  const id = isObject(fields) ? fields['rtms_stream_id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

/**
 * A wish of the server that the client reconnects. `failover`: another server took over; `interrupted`: signaling is
 * lost; `media`: a media connection is. https://developers.zoom.us/docs/rtms/meetings/failover-reconnection/
 */
export interface Recall {
  readonly kind: 'failover' | 'interrupted' | 'media';
  readonly number: number;
  readonly t: number;
  /** How it was said. */
  readonly said: string;
  /** Where to reconnect to in place of the earlier URL, if it says so. */
  readonly urls?: { readonly earlier: string; readonly newer: string };
}

/** Every wish to reconnect, oldest first. */
export function recalls(timeline: Timeline): Recall[] {
  const own = ownStreams(timeline);
  const { webhooks, connections } = timeline;
  const byWebhook = webhooks
    .filter(({ webhook: { streamId } }) => streamId !== undefined && own.includes(streamId))
    .flatMap((entry) => recallOf(entry, webhooks));
  const byMessage = connections
    .filter(({ socket }) => socket === 'signaling')
    .flatMap(({ frames }) => frames)
    .filter(({ event, reading }) => event.dir === 'in' && saysMediaLost(reading.message))
    .map(({ number, event: { t } }) => ({ kind: 'media' as const, number, t, said: 'Zoom lost a media connection' }));
  return [...byWebhook, ...byMessage].toSorted((a, b) => a.number - b.number);
}

function recallOf({ number, event: { t }, webhook }: WebhookEntry, webhooks: readonly WebhookEntry[]): Recall[] {
  const said = `${webhook.event ?? webhook.kind} came`;
  if (webhook.kind === 'interrupted') return [{ kind: 'interrupted', number, t, said }];
  const before = webhooks.findLast(
    (other) => other.number < number && relationTo(other.webhook, webhook) === 'failover',
  )?.webhook;
  const [earlier, newer] = [before, webhook].map((each) => each?.serverUrls.urls[0]);
  if (earlier === undefined || newer === undefined) return [];
  const urls = { earlier, newer };
  return [{ kind: 'failover', number, t, said: `another ${said} for this stream, with another URL`, urls }];
}

function saysMediaLost(message: Message): boolean {
  switch (message.msg_type) {
    case MESSAGE_TYPE.EVENT_UPDATE.value:
      return message.event.event_type === EVENT_TYPE.MEDIA_CONNECTION_INTERRUPTED.value;
    case MESSAGE_TYPE.STREAM_STATE_UPDATE.value: {
      const { DATA_CONNECTION_INTERRUPTED } = STOP_REASON;
      const { state, reason = DATA_CONNECTION_INTERRUPTED.value } = message;
      return state === STREAM_STATE.INTERRUPTED.value && reason === DATA_CONNECTION_INTERRUPTED.value;
    }
    default:
      return false;
  }
}
