/** What only a person can tell of the app: its kind, pair, scopes, and who added it. */
import { BUY } from './account.js';
import { fails, passes, type Question } from './question.js';

const ADD_AGAIN = 'add the app again as the test user: Local Test, Add app now, Allow';

export const APP_QUESTIONS: readonly Question[] = [
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
];
