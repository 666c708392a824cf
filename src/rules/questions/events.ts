/** What only a person can tell of the event subscription and the webhook endpoint. */
import { DELIVERY } from '../../protocol/timing.js';
import { duration } from '../../session/words.js';
import { fails, passes, warns, type Question } from './question.js';

const ADD_EVENTS = 'on the Access page: Event Subscription, Add Events, search "RTMS", tick Started and Stopped, save';

export const EVENT_QUESTIONS: readonly Question[] = [
  {
    id: 'event-subscription',
    section: 'Events and webhook',
    question: 'Is the Event Subscription on, with RTMS Started and RTMS Stopped?',
    where: 'the app, Access, Event Subscription',
    choices: [
      {
        value: 'on',
        label: 'on, both ticked and saved',
        says: [passes('event-missing', 'RTMS Started and Stopped are subscribed to, as answered')],
      },
      {
        value: 'not-ticked',
        label: 'on, but without the RTMS events',
        says: [fails('event-missing', 'started', 'the RTMS events are not subscribed to, as answered', ADD_EVENTS)],
      },
      {
        value: 'off',
        label: 'off',
        says: [fails('event-missing', 'disabled', 'the Event Subscription is off, as answered', ADD_EVENTS)],
      },
    ],
    settledBy: ['check:app-events', 'started'],
  },
  {
    id: 'url-validated',
    section: 'Events and webhook',
    question: 'Does the event notification URL show as validated?',
    where: `the app, Access, Event Subscription; Zoom validates every ${duration(DELIVERY.validatesEveryMs)}, and mails failures`,
    choices: [
      {
        value: 'validated',
        label: 'validated, and no mail of a failure',
        says: [passes('webhook-not-received', 'the URL is validated, as answered')],
      },
      {
        value: 'failed',
        label: 'not validated, or a mail says it failed',
        says: [
          fails(
            'webhook-not-received',
            'not-validated',
            'the event notification URL is not validated; Zoom sends no events to it',
            'answer endpoint.url_validation for good (rtms sign challenge PLAIN_TOKEN), then press Validate and save',
          ),
        ],
      },
    ],
    settledBy: ['webhook'],
  },
  {
    id: 'webhook-endpoint',
    section: 'Events and webhook',
    question: 'What receives the events?',
    choices: [
      { value: 'own-host', label: 'an https host whose name stays the same' },
      {
        value: 'new-tunnel',
        label: 'a tunnel that was started again since the URL was saved',
        says: [
          fails(
            'webhook-not-received',
            'tunnel-changed',
            'the tunnel was started again since its URL was saved; most then have another name',
            'compare the URL in the app with that of the tunnel, letter by letter; or use a reserved domain',
          ),
        ],
      },
      {
        value: 'load-balancer',
        label: 'a load balancer or platform with a health check',
        says: [
          warns(
            'webhook-not-received',
            'health-check',
            'a health check that gets no 200 takes the endpoint out: only POST is served, and it asks by GET',
            'answer GET with 200, and look for 502 and 503 in its log',
            'possible',
          ),
        ],
      },
      {
        value: 'websocket',
        label: 'an event WebSocket, not a webhook URL',
        says: [
          warns(
            'webhook-not-received',
            'websocket-missed',
            'events on a WebSocket are sent once: what comes while it is down is lost',
            'keep two receivers connected, or use a webhook URL, to which Zoom repeats what failed',
          ),
        ],
      },
    ],
    settledBy: ['webhook'],
  },
];
