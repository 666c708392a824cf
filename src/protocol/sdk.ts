/**
 * What Zoom's own SDK (@zoom/rtms) says in place of the protocol, what it runs on, and what its versions mended.
 * https://github.com/zoom/rtms `src/node.cpp`, `README.md`
 */
import type { CodeTable } from './codes.js';

/** `reason` of `onJoinConfirm`. The SDK names none of them: the names are ours. */
export const SDK_JOIN_REASON = {
  JOINED: { value: 0, meaning: 'joined' },
  /** https://devforum.zoom.us/t/142247 */
  UNPUBLISHED: { value: 960, meaning: 'seen once (0x3C0), a second before stop reason 18: read it as a refusal' },
} as const satisfies CodeTable;

/** Results of the SDK's calls. Their numbers are in a closed header: read them from the exports of the module. */
export const SDK_RESULTS: readonly string[] = [
  'RTMS_SDK_OK',
  'RTMS_SDK_FAILURE',
  'RTMS_SDK_TIMEOUT',
  'RTMS_SDK_NOT_EXIST',
  'RTMS_SDK_WRONG_TYPE',
  'RTMS_SDK_INVALID_STATUS',
  'RTMS_SDK_INVALID_ARGS',
];

/** The package's name, as in `package.json`. */
export const SDK_PACKAGE = '@zoom/rtms';

/** `node` from `since` on: its README names 22, the change log of 1.0.0 names 20.3. */
export const SDK_NODE: readonly { readonly since: string; readonly node: string }[] = [
  { since: '1.1.0', node: '22.0.0' },
  { since: '1.0.0', node: '20.3.0' },
];

/** As `platform-arch` of Node: it comes as a built library. */
export const SDK_PLATFORMS = ['linux-x64', 'darwin-arm64'];

/** The C library it was built against, by a user who had an older one. */
export const SDK_GLIBC = '2.34';

/** Faults by the version that mends them, newest first. https://github.com/zoom/rtms/blob/main/CHANGELOG.md */
export const SDK_FIXES: readonly { readonly version: string; readonly faults: readonly string[] }[] = [
  { version: '1.1.0', faults: ['no setProxy()'] },
  {
    version: '1.0.3',
    faults: [
      'leave() that throws once the meeting has ended',
      'video parameters that are ignored once audio parameters are set',
      'webhook handlers that hang behind a body parser',
      'bad webhooks answered with 200',
    ],
  },
  { version: '1.0.2', faults: ['Video SDK sessions that cannot be joined', 'audio without speakers unless asked for'] },
];

/** Below zero where `a` is the older. Only the three numbers count; what is left out is 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at === -1 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

function numbersOf(version: string): number[] {
  const [, major, minor, patch] = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? [];
  return [major, minor, patch].map((part) => Number(part ?? 0));
}
