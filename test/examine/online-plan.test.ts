import { expect, it } from 'vitest';
import { proxyFor } from '../../src/examine/online-plan.js';

it.each([
  ['no variable', {}, undefined],
  ['one', { HTTPS_PROXY: 'http://proxy.test:3128' }, 'http://proxy.test:3128/'],
  ['one in lower case', { https_proxy: 'http://proxy.test' }, 'http://proxy.test/'],
  ['one for everything', { ALL_PROXY: 'http://proxy.test' }, 'http://proxy.test/'],
  ['an exception', { HTTPS_PROXY: 'http://proxy.test', NO_PROXY: 'localhost, zoom.us' }, undefined],
  ['an exception with a dot', { HTTPS_PROXY: 'http://proxy.test', no_proxy: '.zoom.us' }, undefined],
  ['an exception for all', { HTTPS_PROXY: 'http://proxy.test', NO_PROXY: '*' }, undefined],
  ['an exception for others', { HTTPS_PROXY: 'http://proxy.test', NO_PROXY: 'oom.us' }, 'http://proxy.test/'],
  ['an exception with its port', { HTTPS_PROXY: 'http://proxy.test', NO_PROXY: 'zoom.us:443' }, undefined],
  ['no scheme', { HTTPS_PROXY: 'proxy.test:3128' }, 'http://proxy.test:3128/'],
  ['SOCKS', { ALL_PROXY: 'socks5://proxy.test' }, undefined],
  ['nonsense', { HTTPS_PROXY: 'http://' }, undefined],
])('the proxy for zoom.us, with %s', (_, env, expected) => {
  expect(proxyFor(new URL('https://zoom.us'), env)?.href).toBe(expected);
});
