/** The accepted handshake offers a URL for every medium that is wanted. */
import { MESSAGE_TYPE } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { isMediaName, mediaUrlFor, offeredMedia, type MediaName } from '../protocol/media.js';
import { scopeFor } from '../protocol/scopes.js';
import type { Product } from '../protocol/webhooks.js';
import { defineRule } from './rule.js';
import { factOf } from './shared/checks.js';
import { isAccepted } from './shared/connections.js';

export const mediaUrlMissing = defineRule({
  id: 'media-url-missing',
  section: 'Handshake',
  title: 'every wanted medium has a URL',
  failureTitle: 'a wanted medium has no URL',
  why: 'Zoom offers only the media the app has scopes for; the others are left out without a word.',
  docs: DOCS.media,
  needs: ['frame', 'check:media-wanted'],
  check: (timeline) => {
    const { signaling, started } = timeline;
    const check = timeline.check('media-wanted');
    const message = signaling?.reply?.reading.message;
    if (!check || !signaling?.reply || !isAccepted(signaling)) return undefined;
    if (message?.msg_type !== MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value) return undefined;
    const urls = message.media_server?.server_urls;
    const offered = offeredMedia(urls);
    const wanted = (factOf(check, 'media') ?? '').split(',').filter(isMediaName);
    const missing = wanted.filter((name) => (name === 'all' ? offered.length === 0 : !offered.includes(name)));
    if (missing.length === 0) return { status: 'pass', message: `offered: ${offered.join(', ')}` };
    const { number } = signaling.reply;
    const product = started?.webhook.product ?? timeline.header.product ?? 'meeting';
    return missing.map((name) => {
      const standIn = mediaUrlFor(urls, name);
      return {
        ...(standIn ? { status: 'warn', certainty: 'likely' } : { status: 'fail', certainty: 'certain' }),
        cause: name,
        message: `no URL for ${name}; offered: ${offered.join(', ') || 'none'}`,
        evidence: [{ event: number, path: '$.media_server.server_urls' }],
        fix: fixFor(name, product),
      };
    });
  },
});

function fixFor(name: MediaName, product: Product): string {
  const scope = scopeFor(product, name === 'all' ? 'audio' : name);
  const which = name === 'all' ? 'a media scope, such as' : 'the scope';
  const known = scope && scope.confidence !== 'expected';
  return `add ${which} ${known ? scope.name : `of ${name}`} to the app, then add the app again: Local Test, Add app now`;
}
