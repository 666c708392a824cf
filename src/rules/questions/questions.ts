/**
 * The questions only a person can answer, and what each answer says. The ids of questions and answers are kept in
 * people's files: they stay as they are. Which are worth asking is open.ts.
 */
import { API_ERRORS } from '../../protocol/api-errors.js';
import { DELIVERY, PRODUCTS, type Product } from '../../protocol/webhooks.js';
import type { CheckEvent } from '../../session/event.js';
import { duration } from '../../session/words.js';
import type { Certainty, Finding, Rule, Section } from '../rule.js';
import { DOCS } from '../shared/docs.js';
import { SYMPTOM_NAMES, SYMPTOMS, type Symptom } from './symptoms.js';

/** What an answer says through a rule. What a person tells is `likely` at most. */
export interface Said {
  readonly rule: string;
  readonly verdict: Right | Wrong;
}

interface Right {
  readonly status: 'pass';
  readonly message: string;
}

interface Wrong {
  readonly status: 'warn' | 'fail';
  readonly certainty: Exclude<Certainty, 'certain'>;
  readonly cause: string;
  readonly message: string;
  readonly fix: string;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly says?: readonly Said[];
}

export interface Question {
  readonly id: string;
  readonly section: Section;
  readonly question: string;
  /** Where the answer is to be seen. */
  readonly where?: string;
  readonly choices: readonly Choice[];
  /** Asked for these only. */
  readonly products?: readonly Product[];
  /** Not asked once another question has an answer outside these. */
  readonly after?: { readonly question: string; readonly values: readonly string[] };
  /** What answers it already: a kind of event, a fact, or one of the words of answers.ts. */
  readonly settledBy: readonly string[];
}

/** The answer that says nothing, possible everywhere. */
export const UNKNOWN = { value: 'unknown', label: "I don't know" } as const satisfies Choice;

const passes = (rule: string, message: string): Said => ({ rule, verdict: { status: 'pass', message } });

const wrong =
  (status: Wrong['status']) =>
  (rule: string, cause: string, message: string, fix: string, certainty: Wrong['certainty'] = 'likely'): Said => ({
    rule,
    verdict: { status, certainty, cause, message, fix },
  });
const fails = wrong('fail');
const warns = wrong('warn');

const ADD_AGAIN = 'add the app again as the test user: Local Test, Add app now, Allow';
const ZOOM_APPS = 'https://zoom.us/profile/setting?tab=zoomapps';
const ACCOUNT_APPS = 'Account Management, Account Settings, Zoom Apps';
const BUY = 'get Developer Pack credits for the account that owns the app: https://zoom.us/pricing/developer';
const ADD_EVENTS = 'on the Access page: Event Subscription, Add Events, search "RTMS", tick Started and Stopped, save';
const PLAIN = 'try once with a plain meeting that you host yourself';

const ACCEPTED_ONLY = warns(
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

/** The codes of the REST call that starts RTMS, each with what it means everywhere. */
const REFUSALS: readonly Choice[] = API_ERRORS.filter(({ call }) => call === 'rtms').map(
  ({ code, meaning, action }) => {
    const value = String(code);
    return { value, label: value, says: [fails('rest-refused', value, `refused with ${code}: ${meaning}`, action)] };
  },
);

/** In the order of a check-up. */
export const QUESTIONS: readonly Question[] = [
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
  {
    id: 'app-kind',
    section: 'App and scopes',
    question: 'What kind of app has the client id and secret?',
    where: 'Marketplace, Manage, the app, Basic Information',
    // What each means depends on the product: the rule app-type knows.
    choices: [
      { value: 'general-user', label: 'General app, user-managed' },
      { value: 'general-admin', label: 'General app, admin-managed' },
      { value: 'server-to-server', label: 'Server-to-Server OAuth app' },
      { value: 'video-sdk', label: 'Video SDK app' },
      { value: 'other', label: 'another kind (Meeting SDK, Webhook only, …)' },
    ],
    settledBy: ['check:app-usage', 'accepted'],
  },
  {
    id: 'credentials-version',
    section: 'App and scopes',
    question: 'Do id and secret belong to the app and version (Development, Production) that sends the webhook?',
    where: 'Basic Information has a pair on each tab; Local Test installs the Development version',
    choices: [
      {
        value: 'same',
        label: 'yes: same app, same tab',
        says: [passes('install-mismatch', 'id and secret are of the installed version, as answered')],
      },
      {
        value: 'other-version',
        label: 'no: the pair is of one tab, the other version is installed',
        says: [
          fails(
            'install-mismatch',
            'other-version',
            'id and secret are of another version of the app than the one that is installed',
            'take the pair of the tab whose version the test user added: Local Test adds Development',
          ),
        ],
      },
      {
        value: 'other-app',
        label: 'no: another app has the event subscription',
        says: [
          fails(
            'install-mismatch',
            'other-app',
            'id and secret are of another app than the one that receives rtms_started',
            'sign with the pair of the app whose Event Subscription has RTMS Started',
          ),
        ],
      },
      {
        value: 'regenerated',
        label: 'the secret was regenerated since it was copied',
        says: [
          fails(
            'install-mismatch',
            'regenerated',
            'the secret was regenerated since it was copied',
            'copy the secret again from Basic Information, and restart what reads it',
          ),
        ],
      },
    ],
    settledBy: ['accepted'],
  },
  {
    id: 'scopes-page',
    section: 'App and scopes',
    question: 'What does a search for "rtms" on the Scopes page find?',
    where: 'the app, Scopes, Add Scopes',
    choices: [
      { value: 'saved', label: 'the scopes of the media, ticked and saved' },
      {
        value: 'not-saved',
        label: 'the scopes, not ticked or not saved',
        says: [
          fails(
            'scope-missing',
            'not-saved',
            'the scopes of the media are offered, but not saved with the app',
            `tick the scope of each medium, save, then ${ADD_AGAIN}`,
          ),
        ],
      },
      {
        value: 'nothing',
        label: 'nothing',
        says: [
          fails(
            'entitlement',
            'scopes-not-offered',
            'a search for "rtms" finds no scope: the account has no RTMS, or the app is no user-managed General app',
            `make a user-managed General app; if it finds none either, ${BUY}`,
          ),
        ],
      },
      {
        value: 'classic',
        label: 'only scopes of two parts, such as meeting:read',
        says: [
          fails(
            'scope-unfit',
            'classic',
            'the app is still on classic scopes; those of the media are granular',
            'migrate the app to granular scopes on its Scopes page, or make a new General app',
          ),
        ],
      },
    ],
    products: ['meeting', 'webinar', 'contact-center', 'phone'],
    settledBy: ['check:app-scopes', 'media'],
  },
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
  {
    id: 'added-again',
    section: 'App and scopes',
    question: 'Was the app added again after the last change of its scopes or events?',
    where: 'the app, Local Test, Add app now, by the test user',
    choices: [
      {
        value: 'yes',
        label: 'yes, by the test user',
        says: [passes('install-outdated', 'the app was added again after its last change, as answered')],
      },
      {
        value: 'no',
        label: 'no, or not by the test user',
        says: [
          fails(
            'install-outdated',
            'not-added-again',
            'the app was not added again after its last change; what was added before keeps its old scopes',
            ADD_AGAIN,
          ),
        ],
      },
      { value: 'unchanged', label: 'nothing was changed since it was added' },
    ],
    settledBy: [],
  },
  {
    id: 'hosting-account',
    section: 'App and scopes',
    question: 'Which account hosts the test meeting?',
    choices: [
      { value: 'owner', label: 'the account that owns the app' },
      { value: 'other', label: 'another account' },
    ],
    products: ['meeting', 'webinar'],
    settledBy: ['started'],
  },
  {
    id: 'external-access',
    section: 'App and scopes',
    question: 'How did the tester of the other account get the app?',
    where: 'the app, Local Test or Beta Test',
    choices: [
      {
        value: 'published',
        label: 'the published app',
        says: [passes('install-mismatch', 'the app is published, as answered')],
      },
      { value: 'beta', label: 'by a beta authorization URL that is approved and in force' },
      {
        value: 'beta-expired',
        label: 'by a beta authorization URL, not approved or older than four weeks',
        says: [
          fails(
            'install-mismatch',
            'beta-expired',
            'the beta authorization URL is not in force; it holds for four weeks once approved',
            'have the beta authorization URL approved or extended, then let the tester add the app by it',
          ),
        ],
      },
      {
        value: 'development',
        label: 'the Development version',
        says: [
          fails(
            'install-mismatch',
            'development-only',
            'the Development version reaches the account that owns the app, and no other',
            'give the tester a beta authorization URL or the published app, and sign with the Production pair',
          ),
        ],
      },
    ],
    products: ['meeting', 'webinar'],
    after: { question: 'hosting-account', values: ['other'] },
    settledBy: ['started'],
  },
  {
    id: 'developer-pack',
    section: 'Account settings',
    question: 'Which RTMS credits has the account that owns the app?',
    where: 'Zoom web portal, Billing; Developer Pack, not Build platform credits',
    choices: [
      {
        value: 'active',
        label: 'a Developer Pack with credits left',
        says: [passes('entitlement', 'the Developer Pack has credits, as answered')],
      },
      {
        value: 'trial',
        label: 'a trial that still runs',
        says: [passes('entitlement', 'the trial still runs, as answered; it allows 5 streams at a time')],
      },
      {
        value: 'trial-expired',
        label: 'a trial that has run out',
        says: [
          fails('entitlement', 'trial-expired', 'the RTMS trial has run out; no stream starts without credits', BUY),
        ],
      },
      {
        value: 'used-up',
        label: 'a Developer Pack without credits',
        says: [fails('entitlement', 'used-up', 'the Developer Pack has no credits left; no stream starts', BUY)],
      },
      {
        value: 'just-bought',
        label: 'bought within the last minutes',
        says: [
          warns(
            'entitlement',
            'just-bought',
            'the Developer Pack was bought minutes ago; it takes one or two until it counts',
            'wait two minutes, then start again',
          ),
        ],
      },
      {
        value: 'build-platform',
        label: 'Build platform (Video SDK) credits only',
        says: [
          fails(
            'entitlement',
            'other-credits',
            'credits of the Build platform are another product; RTMS of an app takes those of a Developer Pack',
            BUY,
          ),
        ],
      },
      {
        value: 'none',
        label: 'none',
        says: [fails('entitlement', 'none', 'the account that owns the app has no Developer Pack', BUY)],
      },
    ],
    settledBy: ['started'],
  },
  {
    id: 'sharing-setting',
    section: 'Account settings',
    question: 'Is "Share realtime meeting content with apps" on for the test user?',
    where: `Zoom web portal, Zoom Apps tab: ${ZOOM_APPS}`,
    choices: [
      {
        value: 'on',
        label: 'on',
        says: [passes('setting-off', 'sharing realtime content is on, as answered')],
      },
      {
        value: 'off',
        label: 'off',
        says: [
          fails(
            'setting-off',
            'sharing-off',
            'sharing realtime content with apps is off for the test user',
            `turn it on: ${ZOOM_APPS}`,
          ),
        ],
      },
      {
        value: 'locked',
        label: 'off, and locked by the account or group',
        says: [
          fails(
            'setting-off',
            'sharing-locked',
            'sharing realtime content with apps is locked off above the test user',
            `let an admin unlock it: ${ACCOUNT_APPS}`,
          ),
        ],
      },
      {
        value: 'not-shown',
        label: 'not shown',
        says: [
          fails(
            'setting-off',
            'sharing-hidden',
            'the setting is not shown: an admin has hidden it, or the account has no RTMS',
            `let an admin look: ${ACCOUNT_APPS}; then check the Developer Pack`,
          ),
        ],
      },
    ],
    products: ['meeting', 'webinar'],
    settledBy: ['started'],
  },
  {
    id: 'start-method',
    section: 'Account settings',
    question: 'What starts RTMS once the meeting runs?',
    choices: [
      { value: 'auto-start', label: 'auto-start in the settings' },
      { value: 'rest', label: 'a REST call of mine' },
      { value: 'client-sdk', label: 'startRTMS() in the Zoom client' },
      {
        value: 'nothing',
        label: 'nothing: I start the meeting',
        says: [
          fails(
            'start-missing',
            'nobody',
            'nobody starts RTMS; a meeting alone starts no stream',
            `choose the app for auto-start (${ZOOM_APPS}), call PATCH /live_meetings/{meetingId}/rtms_app/status, ` +
              'or call startRTMS() in the client',
          ),
        ],
      },
    ],
    settledBy: ['started'],
  },
  {
    id: 'auto-start-list',
    section: 'Account settings',
    question: 'Is the app on the auto-start list of that user, with status On?',
    where: `Zoom web portal, Zoom Apps tab, below the sharing setting: ${ZOOM_APPS}`,
    choices: [
      { value: 'on', label: 'listed, On', says: [passes('setting-off', 'the app starts by itself, as answered')] },
      {
        value: 'off',
        label: 'listed, Off',
        says: [
          fails('setting-off', 'auto-start-off', 'auto-start of the app is off', `set its status to On: ${ZOOM_APPS}`),
        ],
      },
      {
        value: 'not-listed',
        label: 'not listed',
        says: [
          fails(
            'setting-off',
            'auto-start-missing',
            'the app is not on the auto-start list of that user',
            `choose an app to auto-start: ${ZOOM_APPS}; for everybody: ${ACCOUNT_APPS}`,
          ),
        ],
      },
      {
        value: 'not-shown',
        label: 'there is no such list',
        says: [
          fails(
            'setting-off',
            'auto-start-hidden',
            'the auto-start list is not shown; it appears once sharing realtime content is on',
            `turn on sharing realtime content with apps: ${ZOOM_APPS}`,
          ),
        ],
      },
    ],
    products: ['meeting', 'webinar'],
    after: { question: 'start-method', values: ['auto-start'] },
    settledBy: ['started'],
  },
  {
    id: 'auto-start-allowed',
    section: 'Account settings',
    question: 'Is "Allow auto-start for RTMS apps" on in the app?',
    where: 'the app, Access',
    choices: [
      { value: 'on', label: 'on' },
      {
        value: 'off',
        label: 'off',
        says: [
          fails('setting-off', 'auto-start-not-allowed', 'the app does not allow auto-start', 'turn it on and save'),
        ],
      },
      {
        value: 'grey',
        label: 'grey',
        says: [
          fails(
            'setting-off',
            'auto-start-not-allowed',
            'the app cannot allow auto-start yet: the switch is grey',
            'save the scopes rtms:read:rtms_started and rtms:read:rtms_stopped first, then turn it on',
            'possible',
          ),
        ],
      },
      { value: 'not-shown', label: 'not shown' },
    ],
    products: ['meeting', 'webinar'],
    after: { question: 'start-method', values: ['auto-start'] },
    settledBy: ['started'],
  },
  {
    id: 'rest-answer',
    section: 'Account settings',
    question: 'What does the REST call answer (code in its body)?',
    choices: [
      { value: 'accepted', label: '2xx', says: [ACCEPTED_ONLY] },
      ...REFUSALS,
      { value: 'other', label: 'another one' },
    ],
    after: { question: 'start-method', values: ['rest'] },
    settledBy: ['check:rest-answer', 'started'],
  },
  {
    id: 'starter-role',
    section: 'Account settings',
    question: 'For whom does the REST call start RTMS?',
    where: 'participant_user_id, or whose token it is',
    choices: [
      { value: 'host', label: 'the host, or an alternative host who is there' },
      { value: 'invitee', label: 'someone on the invite list who has joined' },
      {
        value: 'joined-by-link',
        label: 'someone who joined by link, without being invited',
        says: [
          fails(
            'start-missing',
            'not-invited',
            'RTMS is started for someone who is not on the invite list; joining by link does not count',
            "use the host's user id, or invite the person",
          ),
        ],
      },
      {
        value: 'absent',
        label: 'someone who is not in the meeting',
        says: [
          fails(
            'start-missing',
            'not-there',
            'RTMS is started for someone who is not in the meeting',
            'wait until that person has joined, then start',
          ),
        ],
      },
    ],
    products: ['meeting', 'webinar'],
    after: { question: 'start-method', values: ['rest'] },
    settledBy: ['started'],
  },
  {
    id: 'account-verified',
    section: 'Account settings',
    question: "Is the test user's account verified?",
    where: 'GET /users/me has "verified": 1',
    choices: [
      { value: 'yes', label: 'yes', says: [passes('account-unverified', 'the account is verified, as answered')] },
      {
        value: 'no',
        label: 'no',
        says: [
          fails(
            'account-unverified',
            'not-verified',
            "the test user's account is not verified; staff of Zoom name that as a condition",
            'verify the account (mail address, phone number), or test with one that is',
          ),
        ],
      },
    ],
    settledBy: ['started'],
  },
  {
    id: 'meeting-notice',
    section: 'Account settings',
    question: 'Does the meeting show the notice that an app receives its content?',
    choices: [
      {
        value: 'shown',
        label: 'yes',
        says: [
          warns(
            'webhook-not-received',
            'started-unseen',
            'the meeting says that an app receives its content: RTMS has started, and its webhook did not arrive',
            'check that this app subscribes to RTMS Started, then receive it with: rtms listen',
          ),
        ],
      },
      { value: 'not-shown', label: 'no' },
    ],
    products: ['meeting', 'webinar'],
    settledBy: ['started'],
  },
  {
    id: 'host-approval',
    section: 'Account settings',
    question: 'Did the host of the other account approve the app?',
    choices: [
      { value: 'approved', label: 'yes', says: [passes('host-approval', 'the host has approved, as answered')] },
      {
        value: 'dismissed',
        label: 'no: dismissed or denied',
        says: [
          fails(
            'host-approval',
            'dismissed',
            'the host did not approve the app; without that nothing starts, and no webhook tells so',
            'ask the host to approve the app: Host tools, in the meeting',
          ),
        ],
      },
      {
        value: 'blocked',
        label: "no: the host's organization blocks apps",
        says: [
          fails(
            'host-approval',
            'blocked',
            "the host's organization blocks apps that receive content",
            "let the admin of the host's account allow sharing realtime content with apps",
          ),
        ],
      },
      {
        value: 'no-prompt',
        label: 'no: the host saw no prompt',
        says: [
          fails(
            'host-approval',
            'no-prompt',
            'the host of the other account was not asked; then nothing is approved',
            'let the host allow it in Host tools; if it is not there, the admin of that account has it off',
            'possible',
          ),
        ],
      },
    ],
    products: ['meeting', 'webinar'],
    after: { question: 'hosting-account', values: ['other'] },
    settledBy: ['started'],
  },
  {
    id: 'meeting-kind',
    section: 'Account settings',
    question: 'What kind of meeting is it?',
    choices: [
      { value: 'plain', label: 'a plain one', says: [passes('meeting-unfit', 'a plain meeting, as answered')] },
      {
        value: 'e2ee',
        label: 'one with end-to-end encryption',
        says: [
          warns(
            'meeting-unfit',
            'e2ee',
            'the meeting is end-to-end encrypted; no server can read its media then',
            PLAIN,
            'possible',
          ),
        ],
      },
      {
        value: 'breakout',
        label: 'one with people in breakout rooms',
        says: [warns('meeting-unfit', 'breakout', 'breakout rooms are not streamed, by what partners report', PLAIN)],
      },
      {
        value: 'practice',
        label: 'a webinar that is not live yet (practice session)',
        says: [
          warns(
            'meeting-unfit',
            'practice',
            'the webinar is not live; events are to be expected once it is',
            'start the webinar for the attendees, then try again',
            'possible',
          ),
        ],
      },
      {
        value: 'host-changed',
        label: 'one whose host changed just before',
        says: [
          warns(
            'meeting-unfit',
            'host-changed',
            'the host changed; a host without RTMS permission ends the stream',
            'try once with a host whose settings allow it from start to end',
          ),
        ],
      },
    ],
    products: ['meeting', 'webinar'],
    settledBy: ['media'],
  },
  {
    id: 'client-version',
    section: 'Account settings',
    question: 'Which Zoom client do host and starting user have?',
    where: 'Zoom client, Help, About',
    choices: [
      { value: 'current', label: '6.5.5 or newer, or the web client' },
      {
        value: 'before-6.5.5',
        label: 'older than 6.5.5',
        says: [
          warns(
            'client-outdated',
            'pause',
            'a Zoom client before 6.5.5 cannot pause, resume or tell the status of RTMS',
            'update the Zoom client of host and starting user',
            'possible',
          ),
        ],
      },
      {
        value: 'before-6.4.10',
        label: 'older than 6.4.10',
        says: [
          warns(
            'client-outdated',
            'start',
            'a Zoom client before 6.4.10 does not know startRTMS() and stopRTMS()',
            'update the Zoom client of host and starting user',
          ),
        ],
      },
    ],
    products: ['meeting', 'webinar'],
    settledBy: ['started'],
  },
  {
    id: 'queue-assignment',
    section: 'Account settings',
    question: 'Is the app assigned to the queue, with auto-start?',
    where: 'Contact Center admin portal, the queue',
    choices: [
      { value: 'assigned', label: 'assigned, On', says: [passes('setting-off', 'the queue has the app, as answered')] },
      {
        value: 'not-assigned',
        label: 'not assigned',
        says: [
          fails(
            'setting-off',
            'queue-not-assigned',
            'the app is not assigned to the queue of the engagement',
            'assign the app to the queue in the Contact Center admin portal',
          ),
        ],
      },
      {
        value: 'off',
        label: 'assigned, auto-start Off',
        says: [
          fails(
            'setting-off',
            'queue-auto-start-off',
            'auto-start is off for the queue of the engagement',
            'turn it on for the queue, or call PUT /contact_center/{engagementId}/rtms_app/status',
          ),
        ],
      },
    ],
    products: ['contact-center'],
    settledBy: ['started'],
  },
  {
    id: 'phone-auto-start',
    section: 'Account settings',
    question: 'Is automatic start on for that user or line?',
    where: 'Zoom Phone admin',
    choices: [
      { value: 'on', label: 'on', says: [passes('setting-off', 'the line starts by itself, as answered')] },
      {
        value: 'off',
        label: 'off',
        says: [
          fails(
            'setting-off',
            'phone-auto-start-off',
            'automatic start is off for that user or line',
            'turn it on in Zoom Phone admin, or call PATCH /phone/calls/{callId}/rtms_app/status',
          ),
        ],
      },
    ],
    products: ['phone'],
    settledBy: ['started'],
  },
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

/** The question of an id. */
export const questionOf = (id: string): Question | undefined => QUESTIONS.find((question) => question.id === id);

/** What can be answered, not knowing included. */
export const choicesOf = ({ choices }: Question): readonly Choice[] => [...choices, UNKNOWN];

/** A person's answer as an event; both ids are to be known ones. */
export const answerEvent = (question: string, answer: string): CheckEvent => ({
  type: 'check',
  rule: 'answer',
  ok: true,
  facts: { question, answer },
});

/** The rules its answers speak through. */
export const rulesOf = (question: Question | undefined): string[] =>
  (question?.choices ?? []).flatMap(({ says = [] }) => says.map(({ rule }) => rule));

/** A question that is open, as a finding: `ask`, under the first rule that an answer speaks through. */
export function findingOf(question: Question, rules: readonly Rule[]): Finding {
  const [rule] = rulesOf(question);
  const values = choicesOf(question).map(({ value }) => value);
  return {
    rule: rule ?? question.id,
    cause: question.id,
    status: 'ask',
    certainty: 'possible',
    message: question.question,
    evidence: question.where === undefined ? [] : [{ note: question.where }],
    fix: `answer it with rtms doctor --ask, or --answers FILE with "${question.id}": ${values.join(' | ')}`,
    docs: rules.find(({ id }) => id === rule)?.docs ?? DOCS.troubleshooting,
  };
}
