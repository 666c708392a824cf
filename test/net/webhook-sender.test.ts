import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../../src/net/listen.js';
import { WebhookSender } from '../../src/net/webhook-sender.js';
import { answerUrlValidation, verifyWebhook } from '../../src/protocol/signature.js';
import type { EventBody } from '../../src/session/event.js';
import { TLS } from '../helpers/servers.js';

const TOKEN = 'demo-token';
const SECRET = 'demo-client-secret';

interface Came {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Handler = (response: ServerResponse, request: Came) => void;

async function endpoint(handler: Handler, tls = false): Promise<{ url: URL; came: Came[] }> {
  const came: Came[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const one = { headers: request.headers, body };
    came.push(one);
    handler(response, one);
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => void take(request, response);
  const server = tls ? createTlsServer(TLS.good, onRequest) : createServer(onRequest);
  const port = await listen(server, 0, 'localhost');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: new URL(`${tls ? 'https' : 'http'}://localhost:${port}/hook?a=1`), came };
}

interface Sender {
  readonly sender: WebhookSender;
  readonly events: EventBody[];
  readonly emit: (body: EventBody) => number;
}

function senderTo(url: URL, further: Partial<ConstructorParameters<typeof WebhookSender>[0]> = {}): Sender {
  const events: EventBody[] = [];
  const sender = new WebhookSender({ url, secretToken: TOKEN, clientSecret: SECRET, ...further });
  onTestFinished(() => sender.close());
  return { sender, events, emit: (body) => events.push(body) };
}

const answering =
  (status: number): Handler =>
  (response) =>
    void response.writeHead(status).end();

const validating =
  (key: string): Handler =>
  (response, { body }) => {
    const plainToken = String(Reflect.get(Object(Reflect.get(Object(JSON.parse(body)), 'payload')), 'plainToken'));
    response.end(JSON.stringify(answerUrlValidation(plainToken, key)));
  };

const factsOf = (events: readonly EventBody[]): unknown[] =>
  events.flatMap((event) => (event.type === 'check' ? [event.facts] : []));

describe('validation', () => {
  it('is passed with the Secret Token', async () => {
    const { url } = await endpoint(validating(TOKEN));
    const { sender, events, emit } = senderTo(url);
    expect(await sender.validate(emit)).toBe(true);
    expect(events.map(({ type }) => type)).toEqual(['webhook', 'check']);
  });

  it('names the key that was used in its place', async () => {
    const { url } = await endpoint(validating(SECRET));
    const { sender, events, emit } = senderTo(url);
    expect(await sender.validate(emit)).toBe(false);
    expect(factsOf(events)).toMatchObject([
      { cause: 'wrong-key', explanation: expect.stringContaining('client secret') },
    ]);
    expect(JSON.stringify(events)).not.toContain(SECRET);
  });

  it('asks with another token each time', async () => {
    const { url, came } = await endpoint(validating(TOKEN));
    const { sender, emit } = senderTo(url);
    await sender.validate(emit);
    await sender.validate(emit);
    expect(new Set(came.map(({ body }) => body)).size).toBe(2);
  });
});

describe('delivery', () => {
  it('is signed over the bytes that are sent', async () => {
    const { url, came } = await endpoint(answering(204));
    const { sender, emit } = senderTo(url);
    expect(await sender.deliver({ event: 'meeting.rtms_started', payload: { meeting_uuid: 'a/b==' } }, emit)).toBe(
      true,
    );
    const [{ headers, body } = { headers: {}, body: '' }] = came;
    const signature = String(headers['x-zm-signature']);
    expect(verifyWebhook(signature, body, String(headers['x-zm-request-timestamp']), TOKEN)).toBe(true);
    expect(headers['content-type']).toContain('application/json');
  });

  it('comes again where no good answer came, three times, and no more', async () => {
    const { url, came } = await endpoint(answering(500));
    const { sender, events, emit } = senderTo(url, { speed: 1_000_000 });
    expect(await sender.deliver({ event: 'x' }, emit)).toBe(false);
    expect(came).toHaveLength(4);
    const notes = events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
    expect(notes.map((note) => /Zoom does after (.*)|not sent again/.exec(note)?.[1])).toEqual([
      '5 min',
      '20 min',
      '60 min',
      undefined,
    ]);
  });

  it('stops once it is taken', async () => {
    let status = 503;
    const { url, came } = await endpoint((response) => {
      response.writeHead(status).end();
      status = 200;
    });
    const { sender, emit } = senderTo(url, { speed: 1_000_000 });
    expect(await sender.deliver({ event: 'x' }, emit)).toBe(true);
    expect(came).toHaveLength(2);
  });

  it('of a closed sender is given up', async () => {
    const { url } = await endpoint(answering(500));
    const { sender, emit } = senderTo(url);
    const delivery = sender.deliver({ event: 'x' }, (body) => {
      if (body.type === 'note') sender.close();
      return emit(body);
    });
    expect(await delivery).toBe(false);
  });

  it('by https goes to whom is trusted', async () => {
    const { url } = await endpoint(answering(200), true);
    expect(await senderTo(url, { trust: { ca: TLS.ca } }).sender.deliver({ event: 'x' }, () => 1)).toBe(true);
    expect(await senderTo(url, { trust: { insecure: true } }).sender.deliver({ event: 'x' }, () => 1)).toBe(true);
    const { sender, events, emit } = senderTo(url, { speed: 1_000_000 });
    expect(await sender.deliver({ event: 'x' }, emit)).toBe(false);
    expect(factsOf(events)[0]).toMatchObject({ status: 0, cause: 'unreachable' });
  });
});
