/**
 * Who takes part in the mock's session and what they do, as a function of time: it repeats every twenty seconds. It
 * has no clock, sends nothing, and makes no sound.
 */
import { EVENT_TYPE, ZCC_VOICE_EVENT_TYPE, type Code } from '../protocol/codes.js';
import { isCall, type Product } from '../protocol/webhooks.js';

export interface Person {
  readonly userId: number;
  readonly userName: string;
  /** The leg of a call. */
  readonly channelId: string;
}

/** Something that happened; `fields` are those of the event. */
export interface CastEvent {
  readonly type: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What can be seen of the cast at one time. */
interface Scene {
  readonly present: readonly Person[];
  /** Whoever was first to speak stands first. */
  readonly speaking: readonly Person[];
  readonly cameras: readonly Person[];
  readonly sharing: readonly Person[];
  /** Agents that put their call on hold. */
  readonly holding: readonly Person[];
}

const NAMES = ['Ada', 'Bo', 'Cy'];
/** As those of real meetings: numbers far apart from each other. */
const FIRST_USER_ID = 16_778_240;
const BETWEEN_USER_IDS = 1024;

const PERIOD_MS = 20_000;
const TURN_MS = 4000;
/** From here on in a turn, the next speaker falls in. */
const OVERLAP_MS = 3000;
/** Zoom sends so many speakers at once: https://developers.zoom.us/docs/rtms/meetings/media/ */
const MOST_AT_ONCE = 3;

type Span = readonly [from: number, to: number];
/** The last of three or more comes late and leaves early. */
const GUEST_STAYS: Span = [6000, 14_000];
/** The second turns the camera off for a while; an agent puts the call on hold. */
const SECOND_AWAY: Span = [9000, 11_000];
/** The first stops sharing for a while. */
const SHARE_RESTS: Span = [16_000, 18_000];

const within = (ms: number, [from, to]: Span): boolean => ms % PERIOD_MS >= from && ms % PERIOD_MS < to;

/** The participants of one session. */
export class Cast {
  readonly people: readonly Person[];
  readonly #isCall: boolean;

  constructor(product: Product, participants: number) {
    this.#isCall = isCall(product);
    this.people = Array.from({ length: this.#isCall ? Math.min(2, participants) : participants }, (_, index) => ({
      userId: FIRST_USER_ID + index * BETWEEN_USER_IDS,
      userName: NAMES[index] ?? `Participant ${index + 1}`,
      channelId: `channel-${index + 1}`,
    }));
  }

  /** `ms` since the session began. */
  at(ms: number): Scene {
    const guest = this.people.length > 2 ? this.people.at(-1) : undefined;
    const hosts = this.people.filter((person) => person !== guest);
    const [first, second] = hosts;
    const away = within(ms, SECOND_AWAY);
    const turn = Math.floor(ms / TURN_MS);
    const atOnce = hosts.length > MOST_AT_ONCE ? MOST_AT_ONCE : ms % TURN_MS >= OVERLAP_MS ? 2 : 1;
    const speaking = Array.from({ length: Math.min(atOnce, hosts.length) }, (_, i) => hosts[(turn + i) % hosts.length]);
    return {
      present: within(ms, GUEST_STAYS) ? this.people : hosts,
      speaking: speaking.filter((person) => person !== undefined),
      cameras: hosts.filter((person) => person !== second || !away),
      sharing: first && !within(ms, SHARE_RESTS) ? [first] : [],
      holding: this.#isCall && second && away ? [second] : [],
    };
  }

  /** What happened between two times. From nothing to a time: how things stand. */
  changes(from: number | undefined, to: number): CastEvent[] {
    const [before, after] = [from === undefined ? NOBODY : this.at(from), this.at(to)];
    return this.#isCall ? callEvents(before, after) : meetingEvents(before, after);
  }
}

const NOBODY: Scene = { present: [], speaking: [], cameras: [], sharing: [], holding: [] };

function meetingEvents(before: Scene, after: Scene): CastEvent[] {
  const [speaker] = after.speaking;
  return [
    ...together(EVENT_TYPE.PARTICIPANT_JOIN, added(before.present, after.present).map(named)),
    ...together(EVENT_TYPE.PARTICIPANT_LEAVE, added(after.present, before.present).map(numbered)),
    ...each(EVENT_TYPE.ACTIVE_SPEAKER_CHANGE, speaker && speaker !== before.speaking[0] ? [named(speaker)] : []),
    ...together(EVENT_TYPE.PARTICIPANT_VIDEO_ON, added(before.cameras, after.cameras).map(numbered)),
    ...together(EVENT_TYPE.PARTICIPANT_VIDEO_OFF, added(after.cameras, before.cameras).map(numbered)),
    ...each(EVENT_TYPE.SHARING_START, added(before.sharing, after.sharing).map(named)),
    ...each(EVENT_TYPE.SHARING_STOP, added(after.sharing, before.sharing).map(named)),
  ];
}

type Fields = CastEvent['fields'];

const named = ({ userId, userName }: Person): Fields => ({ user_id: userId, user_name: userName });
const numbered = ({ userId }: Person): Fields => ({ user_id: userId });

/** One event for all of them. */
function together({ value: type }: Code, participants: readonly Fields[]): CastEvent[] {
  return participants.length > 0 ? [{ type, fields: { participants } }] : [];
}

/** One event for each of them. */
function each({ value: type }: Code, all: readonly Fields[]): CastEvent[] {
  return all.map((fields) => ({ type, fields }));
}

/** https://developers.zoom.us/docs/rtms/event-reference/contact-center-events/ */
function callEvents(before: Scene, after: Scene): CastEvent[] {
  const answered = added(before.present, after.present);
  const { CONSUMER_ANSWERED, USER_ANSWERED, USER_HOLD, USER_UNHOLD } = ZCC_VOICE_EVENT_TYPE;
  const consumers = answered.filter(isCaller);
  const users = answered.filter((person) => !isCaller(person));
  return [
    ...each(CONSUMER_ANSWERED, consumers.map(ofCall)),
    ...each(USER_ANSWERED, users.map(ofCall)),
    ...each(USER_HOLD, added(before.holding, after.holding).map(ofCall)),
    ...each(USER_UNHOLD, added(after.holding, before.holding).map(ofCall)),
  ];
}

const ofCall = (person: Person): Fields => ({ participant_info: participantInfo(person) });

const isCaller = ({ userId }: Person): boolean => userId === FIRST_USER_ID;

function participantInfo(person: Person): object {
  const { channelId: channel_id, userName: display_name } = person;
  const queue = { queue_id: 'queue-1', queue_name: 'Support' };
  return isCaller(person)
    ? { channel_id, participant_mode: 'caller', ...queue, phone_number: '+15550100', display_name }
    : { channel_id, participant_mode: 'callee', ...queue, user_id: String(person.userId), display_name };
}

const added = (before: readonly Person[], after: readonly Person[]): Person[] =>
  after.filter((person) => !before.includes(person));
