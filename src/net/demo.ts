/** Made-up credentials and ids for the mock, so that it can be tried without a Zoom account. No secret. */
import type { Entity, Product, WebhookInput } from '../protocol/webhooks.js';

export const DEMO = {
  clientId: '3UVtLa_3TUa4lDu4V7lowA',
  clientSecret: 'demo-secret-not-a-real-one-00001',
  secretToken: 'demo-token-not-a-real-one',
  entity: { field: 'meeting_uuid', value: 'RE/HWbQ7QESDTyweZXDZtA==' },
  streamId: '1d330e9ca9c04407bded276b30b64be7',
} as const;

/** Of each product the first stream, shaped as the real ones are. */
const FIRST: Readonly<Record<Product, Entity>> = {
  meeting: DEMO.entity,
  webinar: { field: 'webinar_uuid', value: 'b2C3d4E5f6G7h8I9j0KkLl==' },
  'video-sdk': { field: 'session_id', value: 'ZyXwVuTsRqPoNmLkJiHgFe==' },
  'contact-center': { field: 'engagement_id', value: 'abCDEfghIJklMNopQRstUV' },
  phone: { field: 'call_id', value: '7123456789012345678' },
};

export interface DemoStream {
  readonly product: Product;
  readonly entity: Entity;
  readonly streamId: string;
  /** What else its started webhook tells. */
  readonly fields: NonNullable<WebhookInput['fields']>;
}

/** Digits in the middle of the ids tell the streams apart. */
const DIGITS = 4;

/** The stream of a number from 1; no two are alike. */
export function demoStream(product: Product, number: number): DemoStream {
  const { field, value } = FIRST[product];
  const own = (id: string): string => (number === 1 ? id : numbered(id, number));
  return { product, entity: { field, value: own(value) }, streamId: own(DEMO.streamId), fields: fieldsOf(product, own) };
}

/** https://developers.zoom.us/docs/api/rtms/events/ and, for the newer ones, /docs/changelog/rtms/may-09-2026 */
function fieldsOf(product: Product, own: (id: string) => string): DemoStream['fields'] {
  const account = { account_id: 'demoAccount01', operator_id: 'demoOperator01', is_original_host: true };
  switch (product) {
    case 'meeting':
      return { ...account, meeting_id: own('81234567890') };
    case 'webinar':
      return { ...account, webinar_id: own('91234567890') };
    case 'video-sdk':
      return { account_id: account.account_id, session_key: own('my-session-room') };
    default:
      return {};
  }
}

function numbered(id: string, number: number): string {
  const digits = String(number).padStart(DIGITS, '0');
  return `${id.slice(0, DIGITS)}${digits}${id.slice(DIGITS + digits.length)}`;
}
