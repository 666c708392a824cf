/** What goes wrong, with which product, and beside what: what only a person can tell of the connection itself. */
import { DELIVERY } from '../../protocol/timing.js';
import { PRODUCTS } from '../../protocol/webhooks.js';
import { duration } from '../../session/words.js';
import { fails, passes, warns, type Question, type Said } from './question.js';
import { SYMPTOM_NAMES, SYMPTOMS, type Symptom } from './symptoms.js';

export const ACCEPTED_ONLY = warns(
  'start-missing',
  'accepted-only',
  'the REST call was accepted, and no rtms_started came; accepted is not started',
  'wait for the webhook with a time limit, and call again once the host is in the meeting',
);

/** What some symptoms say by themselves. */
const SAID_BY_SYMPTOM: Readonly<Partial<Record<Symptom, Said>>> = {
  'rest-accepted': ACCEPTED_ONLY,
  'late-events': fails(
    'webhook-not-received',
    'retried',
    `webhooks that late are repeats: the first was answered with 5xx, or not within ${duration(DELIVERY.answerWithinMs)}`,
    'answer 200 before anything else; watch the answers with: rtms listen --forward URL',
  ),
};

export const PROBLEM_QUESTIONS: readonly Question[] = [
  {
    id: 'symptom',
    section: 'Close',
    question: 'What goes wrong?',
    choices: SYMPTOM_NAMES.map((value) => {
      const said = SAID_BY_SYMPTOM[value];
      return { value, label: SYMPTOMS[value].label, ...(said && { says: [said] }) };
    }),
    settledBy: [],
  },
  {
    id: 'product',
    section: 'App and scopes',
    question: 'Which product is streamed?',
    choices: Object.entries(PRODUCTS).map(([value, { label }]) => ({ value, label })),
    settledBy: ['product'],
  },
];

export const CONNECTION_QUESTIONS: readonly Question[] = [
  {
    id: 'other-client',
    section: 'Handshake',
    question: 'Can another process be connected to the same stream (a colleague, an old container, a second worker)?',
    choices: [
      { value: 'no', label: 'no', says: [passes('duplicate-connection', 'no other process, as answered')] },
      {
        value: 'yes',
        label: 'yes',
        says: [
          warns(
            'duplicate-connection',
            'other-client',
            'another process may hold the stream: the second connection is refused, or throws out the first',
            'stop every other process with this app, wait 10 s, start a new stream',
          ),
        ],
      },
    ],
    settledBy: ['media'],
  },
];
