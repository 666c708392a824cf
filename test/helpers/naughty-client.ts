/** A small client with one thing wrong, as clients in the field have it. It knows nothing of our own. */
import { createHmac } from 'node:crypto';
import { WebSocket } from 'ws';
import { DEMO } from '../../src/net/demo.js';
import type { Webhook } from '../../src/protocol/webhooks.js';
import type { Connected } from './app.js';

export interface Faults {
  /** Between the parts that are signed. */
  readonly delimiter?: string;
  readonly answersKeepAlive?: boolean;
  /** On which socket keep-alives are answered; each on its own unless this says otherwise. */
  readonly answersOn?: 'signaling';
  readonly readsBinary?: boolean;
  readonly sendsReady?: boolean;
  /** Waits this long after each end of signaling and connects again, whatever it was. */
  readonly comesBackAfterMs?: number;
  readonly longestMessage?: number;
  /** Closes on what it does not know, or cannot parse. */
  readonly isPicky?: boolean;
  /** Opens media before the answer, at the URL it guesses. */
  readonly isHasty?: boolean;
}

type Message = Readonly<Record<string, unknown>>;

export function naughtyClient(faults: Faults): (webhook: Webhook) => Connected {
  return ({ entity = DEMO.entity, streamId = '', serverUrls }) => {
    const { delimiter = ',', readsBinary = true, answersKeepAlive = true, sendsReady = true, isPicky = false } = faults;
    const signature = createHmac('sha256', DEMO.clientSecret)
      .update([DEMO.clientId, entity.value, streamId].join(delimiter))
      .digest('hex');
    const identity = { protocol_version: 1, [entity.field]: entity.value, rtms_stream_id: streamId, signature };
    const [url = ''] = serverUrls.urls;
    let isStopped = false;
    const sockets = new Set<WebSocket>();

    const open = (address: string, hello: Message, onMessage: (message: Message) => void): WebSocket => {
      const socket = new WebSocket(address, { maxPayload: faults.longestMessage ?? 0 });
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('open', () => socket.send(JSON.stringify({ ...hello, ...identity })));
      socket.on('close', () => sockets.delete(socket));
      socket.on('message', (data: Buffer, isBinary) => {
        if (isBinary && !readsBinary) return;
        const message = parsed(data);
        if (isPicky && (message === undefined || Number(message['msg_type']) > 29)) socket.close();
        if (message?.['msg_type'] === 12 && answersKeepAlive) {
          const target = faults.answersOn === 'signaling' ? (signaling ?? socket) : socket;
          target.send(JSON.stringify({ msg_type: 13, timestamp: message['timestamp'] }));
        }
        if (message) onMessage(message);
      });
      return socket;
    };

    let signaling: WebSocket | undefined;
    const openMedia = (address: string): void => {
      open(address, { msg_type: 3, media_type: 1 }, (message) => {
        if (message['msg_type'] !== 4 || !sendsReady) return;
        signaling?.send(JSON.stringify({ msg_type: 7, rtms_stream_id: streamId }));
      });
    };
    const connect = (): void => {
      signaling = open(url, { msg_type: 1 }, (message) => {
        if (message['msg_type'] !== 2 || message['status_code'] !== 0 || faults.isHasty) return;
        const { audio } = Object(Reflect.get(Object(message['media_server']), 'server_urls'));
        if (typeof audio === 'string') openMedia(audio);
      });
      signaling.on('close', () => {
        if (faults.comesBackAfterMs === undefined) return;
        setTimeout(() => {
          if (!isStopped) connect();
        }, faults.comesBackAfterMs);
      });
      if (faults.isHasty) openMedia(url.replace('signaling', 'audio'));
    };
    connect();
    return {
      stop: () => {
        // A client that always comes back does not hear of the end either.
        if (faults.comesBackAfterMs !== undefined && sockets.size > 0) return;
        isStopped = true;
        for (const socket of sockets) socket.close();
      },
    };
  };
}

function parsed(data: Buffer): Message | undefined {
  try {
    return Object(JSON.parse(data.toString()));
  } catch {
    return undefined;
  }
}
