/** What goes wrong, as it is seen from outside, and which questions then tell most. */

export interface SymptomInfo {
  readonly label: string;
  /** Findings that show it: a rule, or `rule · cause`. */
  readonly shownBy: readonly string[];
  /** Rules whose failure explains it, beside those its questions speak through: then nobody need be asked. */
  readonly explainedBy: readonly string[];
  /** The questions that tell most about it, in order; all of them where there is no list. */
  readonly ask?: readonly string[];
}

const HANDSHAKE = [
  'app-type',
  'signature-mismatch',
  'signature-shape',
  'handshake-not-sent',
  'handshake-not-json',
  'handshake-wrong-message',
  'handshake-field-misnamed',
  'handshake-field-missing',
  'handshake-field-type',
  'handshake-id-mismatch',
];
/** Status 9 to 13, as a cause. */
const NOT_SUPPORTED = ['audio', 'video', 'deskshare', 'transcript', 'chat'].map(
  (medium) => `media-refused · media-type-${medium}-not-support`,
);

export const SYMPTOMS = {
  'silent-close': {
    label: 'the WebSocket closes without a word, often with 1000',
    shownBy: ['closed-without-reply'],
    explainedBy: HANDSHAKE,
    ask: ['app-kind', 'credentials-version', 'other-client'],
  },
  'signature-refused': {
    label: 'the handshake is refused: invalid signature',
    shownBy: [
      'handshake-refused · invalid-signature',
      'media-refused · invalid-signature',
      'stream-stopped · authentication-failure',
    ],
    explainedBy: HANDSHAKE,
    ask: ['app-kind', 'credentials-version'],
  },
  'medium-missing': {
    label: 'a medium is refused as not supported, or has no URL',
    shownBy: ['media-url-missing', ...NOT_SUPPORTED],
    explainedBy: [],
    ask: ['scopes-page', 'added-again'],
  },
  'no-start-event': {
    label: 'other webhooks arrive, rtms_started never does',
    shownBy: ['webhook-not-rtms · other-event', 'rtms-not-started'],
    explainedBy: ['app-type'],
    ask: [
      'start-method',
      'event-subscription',
      'sharing-setting',
      'auto-start-list',
      'auto-start-allowed',
      'rest-answer',
      'added-again',
      'developer-pack',
      'hosting-account',
      'external-access',
      'host-approval',
      'starter-role',
      'account-verified',
      'meeting-notice',
      'meeting-kind',
      'client-version',
      'queue-assignment',
      'phone-auto-start',
    ],
  },
  'no-webhooks': {
    label: 'no webhook arrives at all',
    shownBy: [],
    explainedBy: ['app-url-invalid'],
    ask: ['event-subscription', 'url-validated', 'webhook-endpoint'],
  },
  'rest-refused': {
    label: 'the REST call that starts RTMS is answered with an error',
    shownBy: ['rest-refused'],
    explainedBy: [],
    ask: [
      'rest-answer',
      'app-kind',
      'developer-pack',
      'sharing-setting',
      'starter-role',
      'hosting-account',
      'host-approval',
      'meeting-kind',
    ],
  },
  'rest-accepted': {
    label: 'the REST call is accepted, and no rtms_started follows',
    shownBy: [],
    explainedBy: ['app-type'],
    ask: [
      'event-subscription',
      'url-validated',
      'sharing-setting',
      'meeting-notice',
      'hosting-account',
      'host-approval',
    ],
  },
  'scope-not-offered': {
    label: 'the RTMS scopes are not in the scope picker',
    shownBy: [],
    explainedBy: ['app-type'],
    ask: ['app-kind', 'scopes-page', 'developer-pack'],
  },
  'owner-only': {
    label: 'it works for me, not for a tester',
    shownBy: [],
    explainedBy: [],
    ask: [
      'hosting-account',
      'external-access',
      'sharing-setting',
      'auto-start-list',
      'account-verified',
      'client-version',
    ],
  },
  'stopped-at-once': {
    label: 'the stream starts and stops at once',
    shownBy: [],
    explainedBy: [],
    ask: ['hosting-account', 'host-approval', 'meeting-kind', 'credentials-version', 'other-client'],
  },
  duplicates: {
    label: 'streams come twice, or connections are kicked',
    shownBy: ['duplicate-connection', 'handshake-refused · duplicate-signal-request'],
    explainedBy: [],
    ask: ['other-client'],
  },
  'stopped-after-days': {
    label: 'it worked for days, then no webhook came any more',
    shownBy: [],
    explainedBy: ['webhook-validation'],
    ask: ['url-validated', 'webhook-endpoint', 'developer-pack'],
  },
  'late-events': {
    label: 'webhooks come 5, 25 or 85 minutes late',
    shownBy: [],
    explainedBy: ['webhook-slow', 'webhook-refused'],
    ask: ['webhook-endpoint'],
  },
  'setting-up': { label: 'nothing yet: I am setting it up', shownBy: [], explainedBy: [] },
} as const satisfies Readonly<Record<string, SymptomInfo>>;

export type Symptom = keyof typeof SYMPTOMS;

export const SYMPTOM_NAMES = Object.keys(SYMPTOMS).filter((name): name is Symptom => name in SYMPTOMS);
