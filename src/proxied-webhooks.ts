/** Webhooks on their way to the app: each is received, led through the proxy, signed again, and handed on. */
import { forwardWebhook } from './net/forward.js';
import { startReceiver, type Answer, type Receiver, type WebhookRequest } from './net/receiver.js';
import { readMessageText } from './protocol/framing.js';
import { readdressed, type SignatureFate } from './protocol/readdressed.js';
import { verifyWebhook } from './protocol/signature.js';
import { decodeWebhook } from './protocol/webhooks.js';
import type { ProxiedStreams, Stream } from './proxied-streams.js';
import type { Endpoint, ProxyPlan } from './proxy-plan.js';
import type { WebhookEvent } from './session/event.js';
import { webhookBytes } from './session/message.js';
import { WebhookVerifier } from './session/webhook-verifier.js';

/** A tunnel runs on this machine too. */
const HOST = '127.0.0.1';

/** Throws RtmsError as `startReceiver` does. */
export async function receiveWebhooks(
  { port, path, app }: Endpoint,
  { secretToken, clientSecret }: Pick<ProxyPlan, 'secretToken' | 'clientSecret'>,
  streams: ProxiedStreams,
): Promise<Receiver> {
  const token = secretToken?.value;
  const secrets =
    token === undefined ? undefined : { secretToken: token, ...(clientSecret && { clientSecret: clientSecret.value }) };
  const verifier = new WebhookVerifier(secrets);
  let stream = streams.none;
  const receiver = await startReceiver({
    host: HOST,
    port,
    path,
    verifier,
    emit: (body) => {
      if (body.type !== 'webhook') return stream.emit(body);
      stream = streams.take(body, decodeWebhook(readMessageText(webhookBytes(body)).value), isTrusted(body, token));
      return stream.number;
    },
    onWebhook: (request) => handOn(request, stream, app, verifier, token),
  });
  const facts = { url: receiver.url, host: HOST, port: receiver.port, path, forward: `${app.origin}${app.pathname}` };
  streams.none.emit({
    type: 'check',
    rule: 'listening',
    ok: true,
    facts: { ...facts, ...(secretToken && { secretToken: secretToken.source }) },
  });
  return receiver;
}

/** Unless it is signed wrong: then it may be from anyone. Zoom's mock server signs nothing. */
function isTrusted(event: WebhookEvent, secretToken: string | undefined): boolean {
  const { 'x-zm-signature': given, 'x-zm-request-timestamp': timestamp = '' } = event.headers;
  return (
    given === undefined ||
    secretToken === undefined ||
    verifyWebhook(given, webhookBytes(event), timestamp, secretToken)
  );
}

/** What the app will see of the signature, where that is not the obvious. */
const FATES: Readonly<Record<SignatureFate, string | undefined>> = {
  kept: undefined,
  renewed: 'server_urls lead through the proxy; x-zm-signature is made anew for that',
  unsigned: 'server_urls lead through the proxy; the webhook has no x-zm-signature, and the app gets none',
  unknown:
    'server_urls lead through the proxy, and without the Secret Token (ZOOM_SECRET_TOKEN) x-zm-signature cannot be ' +
    'made anew: an app that checks it will refuse the webhook',
  wrong: 'x-zm-signature is wrong, so this may be from anyone: the app gets it as it came',
};

async function handOn(
  request: WebhookRequest,
  stream: Stream,
  app: URL,
  verifier: WebhookVerifier,
  secretToken: string | undefined,
): Promise<Answer | undefined> {
  const { headers, body, signature } = readdressed(request, stream.urlFor, secretToken);
  const text = FATES[signature];
  if (text !== undefined) stream.emit({ type: 'note', text });
  const answer = await forwardWebhook({ ...request, headers, body }, { url: app, verifier, emit: stream.emit });
  stream.review();
  return answer;
}
