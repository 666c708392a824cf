/** The signs that this stream is over, apart from those of other streams. What a reason means is not judged here. */
import { isObject } from '../protocol/json.js';
import type { Ending, Timeline } from '../session/timeline.js';

/** The endings of the stream that was connected to: a stopped webhook of another stream is no evidence. */
export function ownEndings(timeline: Timeline): Ending[] {
  const own = streamIds(timeline);
  return timeline.endings.filter(({ number, source }) => {
    if (source !== 'webhook') return true;
    const stopped = timeline.webhooks.find((entry) => entry.number === number)?.webhook.streamId;
    return stopped === undefined || own.length === 0 || own.includes(stopped);
  });
}

/** Of the handshakes sent, or else of the webhooks that began a stream. */
function streamIds({ connections, webhooks }: Timeline): string[] {
  const sent = connections.flatMap(({ handshake }) => {
    const fields = handshake?.reading.value;
    const id = isObject(fields) ? fields['rtms_stream_id'] : undefined;
    return typeof id === 'string' ? [id] : [];
  });
  if (sent.length > 0) return sent;
  return webhooks.flatMap(({ webhook: { kind, streamId } }) => (kind === 'started' && streamId ? [streamId] : []));
}
