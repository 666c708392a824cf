/** Made-up credentials and ids for the mock, so that it can be tried without a Zoom account. No secret. */

export const DEMO = {
  clientId: '3UVtLa_3TUa4lDu4V7lowA',
  clientSecret: 'demo-secret-not-a-real-one-00001',
  entity: { field: 'meeting_uuid', value: 'RE/HWbQ7QESDTyweZXDZtA==' },
  streamId: '1d330e9ca9c04407bded276b30b64be7',
} as const;
