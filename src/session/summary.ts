/** Timeline → the figures of a session: frames, bytes, rates, gaps, keep-alives. */
import { MEDIA_DATA_OPTION, MEDIA_PAYLOAD_TYPE } from '../protocol/codes.js';
import { l16BytesPerSecond, MEDIA, type MediaName } from '../protocol/media.js';
import { agreedAudio } from './media-flow.js';
import type { Connection, Timeline } from './timeline.js';

export interface MediaSummary {
  readonly media: MediaName;
  readonly frames: number;
  /** Payload, decoded from Base64. */
  readonly bytes: number;
  readonly bytesPerSecond?: number;
  /** What the agreed parameters come to, where they fix it. */
  readonly expectedBytesPerSecond?: number;
  readonly gaps: number;
}

export interface SessionSummary {
  readonly durationMs: number;
  readonly media: readonly MediaSummary[];
  readonly keepAlive: { readonly asked: number; readonly answered: number; readonly worstMs: number };
  readonly received: { readonly text: number; readonly binary: number };
}

/** Of all connections together: rates are those of the last one. */
export function summarise(timeline: Timeline): SessionSummary {
  const { connections } = timeline;
  const total = (value: (connection: Connection) => number): number =>
    connections.reduce((sum, connection) => sum + value(connection), 0);
  return {
    durationMs: timeline.end,
    media: MEDIA_NAMES.flatMap((media) => mediaSummary(media, connections)),
    keepAlive: {
      asked: total(({ keepAlive }) => keepAlive.asked),
      answered: total(({ keepAlive }) => keepAlive.answered),
      worstMs: Math.max(0, ...connections.map(({ keepAlive }) => keepAlive.worstMs)),
    },
    received: {
      text: total(({ counts }) => counts.in.text),
      binary: total(({ counts }) => counts.in.binary),
    },
  };
}

const MEDIA_NAMES: readonly MediaName[] = ['audio', 'video', 'share', 'transcript', 'chat'];

function mediaSummary(media: MediaName, connections: readonly Connection[]): MediaSummary[] {
  const flows = connections.flatMap((connection) => {
    const flow = [...connection.media.values()].find(({ msgType }) => msgType === MEDIA[media].msgType);
    return flow ? [{ connection, flow }] : [];
  });
  const last = flows.at(-1);
  if (!last) return [];
  const { bytesPerSecond } = last.flow;
  const expected = media === 'audio' ? expectedAudioRate(last.connection) : undefined;
  return [
    {
      media,
      frames: flows.reduce((sum, { flow }) => sum + flow.frames, 0),
      bytes: flows.reduce((sum, { flow }) => sum + flow.bytes, 0),
      ...(bytesPerSecond !== undefined && { bytesPerSecond: Math.round(bytesPerSecond) }),
      ...(expected !== undefined && { expectedBytesPerSecond: expected }),
      gaps: flows.reduce((sum, { flow }) => sum + flow.gaps, 0),
    },
  ];
}

/** For mixed L16, whose size is fixed by rate and channels; other codecs and several speakers vary. */
function expectedAudioRate(connection: Connection): number | undefined {
  const { codec, data_opt: dataOption, sample_rate: rate, channel } = agreedAudio(connection);
  if (codec !== MEDIA_PAYLOAD_TYPE.L16.value || dataOption !== MEDIA_DATA_OPTION.AUDIO_MIXED_STREAM.value)
    return undefined;
  return typeof rate === 'number' && typeof channel === 'number' ? l16BytesPerSecond(rate, channel) : undefined;
}
