/** What only a person can tell of the account, its settings, and how RTMS is started. */
import { API_ERRORS } from '../../protocol/api-errors.js';
import { DOCS } from '../../protocol/docs.js';
import { fails, passes, warns, type Choice, type Question } from './question.js';
import { ACCEPTED_ONLY } from './problem.js';

const ZOOM_APPS = 'https://zoom.us/profile/setting?tab=zoomapps';
const ACCOUNT_APPS = 'Account Management, Account Settings, Zoom Apps';
export const BUY = `get Developer Pack credits for the account that owns the app: ${DOCS.pricing}`;
const PLAIN = 'try once with a plain meeting that you host yourself';

/** The codes of the REST call that starts RTMS, each with what it means everywhere. */
const REFUSALS: readonly Choice[] = API_ERRORS.filter(({ call }) => call === 'rtms').map(
  ({ code, meaning, action }) => {
    const value = String(code);
    return { value, label: value, says: [fails('rest-refused', value, `refused with ${code}: ${meaning}`, action)] };
  },
);

export const ACCOUNT_QUESTIONS: readonly Question[] = [
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
];
