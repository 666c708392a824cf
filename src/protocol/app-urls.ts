/** What Zoom can post webhooks to, and send users back to: the URLs an app registers, by their form alone. */

/** What is wrong with a URL. `tunnel`: nothing, as long as the tunnel keeps its name. */
export type AppUrlFault =
  'empty' | 'placeholder' | 'malformed' | 'not-https' | 'address' | 'local' | 'credentials' | 'tunnel';

const PLACEHOLDER = /<[^>]*>|\{\{|\byour[-_]/i;
/** A name without a dot, or in a zone that no public name server knows. */
const LOCAL = /^[^.]+$|\.(?:local|localhost|internal|lan|home\.arpa|test|invalid)$/;
const ADDRESS = /^\d+(?:\.\d+){3}$|^\[/;

/** Their free names change with each start. Each has a way to keep one. */
const TUNNELS = [
  'ngrok.io',
  'ngrok.app',
  'ngrok.dev',
  'ngrok-free.app',
  'ngrok-free.dev',
  'trycloudflare.com',
  'loca.lt',
  'lhr.life',
  'serveo.net',
  'devtunnels.ms',
  'pinggy.link',
];

/** https://developers.zoom.us/docs/api/webhooks/ asks for https, a full host name and a public address. */
export function appUrlFault(text: string): AppUrlFault | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return 'empty';
  if (PLACEHOLDER.test(trimmed)) return 'placeholder';
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (!url?.hostname) return 'malformed';
  const host = url.hostname.replace(/\.$/, '');
  if (ADDRESS.test(host)) return 'address';
  if (LOCAL.test(host)) return 'local';
  if (url.protocol !== 'https:') return 'not-https';
  if (url.username !== '' || url.password !== '') return 'credentials';
  return TUNNELS.some((tunnel) => host.endsWith(`.${tunnel}`)) ? 'tunnel' : undefined;
}
