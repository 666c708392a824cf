/** What the client made of the server's acceptance: nothing at all, or all but media. What it means is for the rules. */
import { MESSAGE_TYPE } from '../../protocol/codes.js';
import { isMediaName, offeredMedia, type MediaName } from '../../protocol/media.js';
import { KEEP_ALIVE_LIMIT } from '../../protocol/timing.js';
import type { Connection, FrameEntry, Timeline } from '../../session/timeline.js';
import { factOf } from './checks.js';
import { endOf } from './connections.js';
import { ownEndings } from './endings.js';

export interface Unopened {
  readonly signaling: Connection;
  /** The acceptance. */
  readonly reply: FrameEntry;
  /** What it offered, as far as it is wanted. */
  readonly media: readonly MediaName[];
  /** How long signaling stayed, in ms. */
  readonly waited: number;
}

/** Signaling that was accepted, with media on offer of which no socket was ever opened. */
export function unopenedMedia(timeline: Timeline): Unopened | undefined {
  const { signaling, mediaSockets } = timeline;
  const reply = signaling?.reply;
  const message = reply?.reading.message;
  if (!signaling?.accepted || !reply || message?.msg_type !== MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value) {
    return undefined;
  }
  const media = offeredMedia(message.media_server?.server_urls).filter((name) => isWanted(name, timeline));
  const forbidden = timeline.check('server-url-invalid')?.event.ok === false;
  if (media.length === 0 || mediaSockets.length > 0 || forbidden) return undefined;
  return { signaling, reply, media, waited: endOf(signaling, timeline) - reply.event.t };
}

/** Where nobody said what is wanted, all of it is. */
function isWanted(name: MediaName, timeline: Timeline): boolean {
  const check = timeline.check('media-wanted');
  if (!check) return true;
  const wanted = (factOf(check, 'media') ?? '').split(',').filter(isMediaName);
  return wanted.includes(name) || wanted.includes('all') || (name === 'all' && wanted.length > 0);
}

/** A client that reads has gone on by then. */
const PATIENCE_MS = 2_000;

/** The same where the client sent nothing more, until the server gave up. */
export function unreadAcceptance(timeline: Timeline): Unopened | undefined {
  const unopened = unopenedMedia(timeline);
  if (!unopened || unopened.waited < PATIENCE_MS) return undefined;
  const { signaling, reply } = unopened;
  const { frames, keepAlive, close } = signaling;
  if (frames.some(({ event, number }) => event.dir === 'out' && number > reply.number)) return undefined;
  const unanswered = keepAlive.unanswered.length;
  const over = ownEndings(timeline).length > 0 && unanswered === 0;
  const givenUp = close?.event.by === 'peer' || unanswered >= KEEP_ALIVE_LIMIT;
  return givenUp && !over ? unopened : undefined;
}
