/** The public pages the rules rest on, each under one name. */
export const DOCS = {
  universalEvents: 'https://developers.zoom.us/docs/rtms/event-reference/universal-events/',
  workWithStreams: 'https://developers.zoom.us/docs/rtms/meetings/work-with-streams/',
  dataTypes: 'https://developers.zoom.us/docs/rtms/data-types/',
  failover: 'https://developers.zoom.us/docs/rtms/meetings/failover-reconnection/',
  media: 'https://developers.zoom.us/docs/rtms/meetings/media/',
  rtmsWebhooks: 'https://developers.zoom.us/docs/api/rtms/events/',
  webhooks: 'https://developers.zoom.us/docs/api/webhooks/',
  webhookDelays: 'https://developers.zoom.us/blog/webhook-delays',
  troubleshooting: 'https://github.com/zoom/rtms-samples/blob/main/TROUBLESHOOTING.md',
  sdk: 'https://github.com/zoom/rtms',
  connectWindow: 'https://devforum.zoom.us/t/realtime-websocket-events-catchup/144332',
  webSocket: 'https://www.rfc-editor.org/rfc/rfc6455',
} as const;
