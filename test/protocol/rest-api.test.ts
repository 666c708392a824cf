import { describe, expect, it } from 'vitest';
import { READS, zoomHosts } from '../../src/protocol/rest-api.js';
import { SCOPES } from '../../src/protocol/scopes.js';

describe('READS', () => {
  it.each(Object.entries(READS))('%s takes a known scope', (_, { scope }) => {
    expect(SCOPES[scope]).toMatchObject({ kind: 'helper' });
  });
});

describe('zoomHosts', () => {
  it.each([
    ['zoom.us', 'https://zoom.us/', 'https://api.zoom.us/v2'],
    ['https://zoom.us', 'https://zoom.us/', 'https://api.zoom.us/v2'],
    ['zoomgov.com', 'https://zoomgov.com/', 'https://api.zoomgov.com/v2'],
    ['http://localhost:8080', 'http://localhost:8080/', 'http://localhost:8080/v2'],
    ['http://[::1]:8080', 'http://[::1]:8080/', 'http://[::1]:8080/v2'],
  ])('%s', (host, oauth, api) => {
    expect(zoomHosts(host)).toEqual({ oauth: new URL(oauth), api: new URL(api) });
  });

  it.each(['example.com', 'zoom.us.example.com', 'http://zoom.us', 'https://', 'ftp://zoom.us', ''])(
    'not %s',
    (host) => {
      expect(zoomHosts(host)).toBeUndefined();
    },
  );
});
