/** What Zoom's own SDK (@zoom/rtms) says in place of the protocol. https://github.com/zoom/rtms `src/node.cpp` */
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
