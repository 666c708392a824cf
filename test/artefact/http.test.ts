import { describe, expect, it } from 'vitest';
import { readHttp } from '../../src/artefact/http.js';

const BODY = '{"event":"meeting.rtms_started"}';
const HEADERS = ['Host: example.test', 'x-zm-signature: v0=3cf6', 'X-Zm-Request-Timestamp:1784548800'];

const bodyOf = (text: string): string | undefined => {
  const message = readHttp(text);
  return message && text.slice(...message.body);
};

describe('readHttp', () => {
  it.each([
    ['a request', `POST /hook?a=1 HTTP/1.1\r\n${HEADERS.join('\r\n')}\r\n\r\n${BODY}`],
    ['with bare newlines', `POST / HTTP/2\n${HEADERS.join('\n')}\n\n${BODY}`],
    ['without a start line', `${HEADERS.join('\r\n')}\r\n\r\n${BODY}`],
  ])('%s', (_, text) => {
    const message = readHttp(text);
    expect(bodyOf(text)).toBe(BODY);
    expect(message?.headers.get('x-zm-request-timestamp')?.value).toBe('1784548800');
    expect(text.slice(...(message?.headers.get('x-zm-signature')?.range ?? [0, 0]))).toBe('x-zm-signature: v0=3cf6');
    expect(message?.status).toBeUndefined();
  });

  it('an answer has its status', () => {
    expect(readHttp(`HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n\r\n{}`)).toMatchObject({
      status: 400,
    });
  });

  it.each([
    ['as long as it says, without the newline behind it', `Content-Length: ${BODY.length}\n\n${BODY}\n`, BODY],
    ['whole where more than that is there', `Content-Length: 2\n\n${BODY}`, BODY],
    ['whole where less than that is there', `Content-Length: 999\n\n${BODY}`, BODY],
    ['with its last newline where nothing says how long it is', `Host: x\n\n${BODY}\n`, `${BODY}\n`],
  ])('the body is %s', (_, text, body) => expect(bodyOf(text)).toBe(body));

  it.each([
    '',
    BODY,
    `DEBUG: sent\n\n${BODY}`,
    'Host: x\n\n',
    'Host: x',
    `Host: x\n${BODY}`,
    `POST / HTTP/1.1\r\nno header\r\n\r\n${BODY}`,
  ])('%j is none', (text) => expect(readHttp(text)).toBeUndefined());
});
