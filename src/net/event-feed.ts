/** Which events a client subscribed to, and what there is to tell of them. It sends nothing and has no timer. */
import { EVENT_TYPE, ZCC_VOICE_EVENT_TYPE, type EventTypeCode } from '../protocol/codes.js';
import { eventUpdate, voiceEventUpdate } from '../protocol/messages.js';
import { isCall, type Product } from '../protocol/webhooks.js';
import type { Cast, CastEvent } from './cast.js';

/** An entry of EVENT_SUBSCRIPTION, as it was read. */
interface Wish {
  readonly event_type?: number;
  readonly subscribe?: boolean;
}

/** The events of one signaling connection. Times are in ms since the session began. */
export class EventFeed {
  readonly #cast: Cast;
  readonly #product: Product;
  readonly #subscribed = new Set<number>();
  #toldUntil: number;

  constructor(cast: Cast, product: Product, since: number) {
    this.#cast = cast;
    this.#product = product;
    this.#toldUntil = since;
  }

  /** Whether the product has such an event. */
  knows(type: number | undefined): type is number {
    const own = isCall(this.#product) ? { ...EVENT_TYPE, ...ZCC_VOICE_EVENT_TYPE } : EVENT_TYPE;
    return type !== undefined && type > 0 && Object.values<EventTypeCode>(own).some(({ value }) => value === type);
  }

  /** Takes on what is known of the wishes. Returns how things stand in what is new. */
  subscribe(wishes: readonly Wish[], at: number, now: number): object[] {
    const added: number[] = [];
    for (const { event_type: type, subscribe } of wishes) {
      if (!this.knows(type)) continue;
      if (subscribe !== true) this.#subscribed.delete(type);
      else if (!this.#subscribed.has(type)) added.push(type);
    }
    for (const type of added) this.#subscribed.add(type);
    return this.#updates(this.#cast.changes(undefined, at), added, now);
  }

  /** What has happened since it was asked last, of what was subscribed to. */
  changes(at: number, now: number): object[] {
    const happened = this.#cast.changes(this.#toldUntil, at);
    this.#toldUntil = at;
    return this.#updates(happened, [...this.#subscribed], now);
  }

  #updates(events: readonly CastEvent[], types: readonly number[], now: number): object[] {
    const build = isCall(this.#product) ? voiceEventUpdate : eventUpdate;
    return events.filter(({ type }) => types.includes(type)).map(({ type, fields }) => build(type, now, fields));
  }
}
