/** What is wrong with the parameters of a media handshake: what the rules on media handshakes have in common. */
import { lookup, STATUS_CODE, type StatusCode } from '../../protocol/codes.js';
import { isObject } from '../../protocol/json.js';
import { checkMediaParams, isMediaName, MEDIA, mediaOfMask, passedOverParams } from '../../protocol/media.js';
import type { Certainty } from '../rule.js';
import { isOtherMessage, type SentHandshake } from './handshakes.js';
import { statusMeant } from './refusal.js';

export interface MediaFault {
  readonly cause: string;
  readonly status: 'warn' | 'fail';
  readonly certainty: Certainty;
  /** The `status_code` that names it; none for what a server passes over. */
  readonly code?: number;
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** None for a handshake of signaling. Whether the server took it is not asked here. */
export function mediaFaults(handshake: SentHandshake): MediaFault[] {
  const { socket } = handshake.connection;
  if (socket === 'signaling' || isOtherMessage(handshake)) return [];
  const { media_type: mediaType, media_params: params } = handshake.fields;
  return [
    ...(typeof mediaType === 'number' ? typeFaults(mediaType, socket.slice('media:'.length)) : []),
    ...checkMediaParams(params).map(({ cause, path, status, message, disputed }): MediaFault => {
      const base = { cause, status: 'fail', code: status, path, message } as const;
      if (disputed) {
        return { ...base, certainty: 'likely', message: `${message}; yet ${disputed.by}`, fix: disputed.safe };
      }
      const fix = lookup<StatusCode>(STATUS_CODE, status)?.action ?? `correct ${path}`;
      return { ...base, certainty: 'certain', fix };
    }),
    ...passedOverParams(params, Number(mediaType)).map(({ expected, message, ...fault }): MediaFault => ({
      ...fault,
      status: 'warn',
      certainty: 'likely',
      message: `${message}; ${expected} is expected, and without it a default holds`,
      fix: `send it as ${expected}`,
    })),
    ...withoutContentType(params),
  ];
}

/** Whether a refusal names the fault: then it is told with the refusal. */
export const isNamed = ({ code }: MediaFault, { connection }: SentHandshake): boolean =>
  code !== undefined && code === statusMeant(connection);

const { value: WRONG_TYPE, action: TYPES } = STATUS_CODE.MEDIA_TYPE_INVALID_VALUE;

function typeFaults(mediaType: number, medium: string): MediaFault[] {
  const media = mediaOfMask(mediaType);
  const [only] = media;
  const base = { code: WRONG_TYPE, path: '$.media_type' };
  const certain = { ...base, status: 'fail', certainty: 'certain' } as const;
  if (only === undefined) {
    const known = Object.entries(MEDIA).map(([name, { bit }]) => `${bit} ${name}`);
    const message = `media_type is ${mediaType}; expected ${known.join(', ')}`;
    return [{ ...certain, cause: 'media-type', message, fix: TYPES }];
  }
  if (media.length > 1) {
    const sockets = media.map((name) => `${MEDIA[name].bit} on the ${name} URL`).join(', ');
    return [
      {
        ...base,
        cause: 'combined-mask',
        status: 'warn',
        certainty: 'likely',
        message: `media_type is ${mediaType}, ${media.join(' and ')} on one socket; one is expected, though Zoom's pages differ`,
        fix: `open a socket for each: ${sockets}; or send ${MEDIA.all.bit} on the URL named all`,
      },
    ];
  }
  if (!isMediaName(medium) || only === medium) return [];
  const { bit } = MEDIA[medium];
  const message = `media_type is ${mediaType} (${only}) on the ${medium} URL; ${bit} is expected`;
  return [{ ...certain, cause: 'other-socket', message, fix: `send "media_type": ${bit}, or open the URL of ${only}` }];
}

const PICTURES: readonly string[] = [MEDIA.video.paramsKey, MEDIA.share.paramsKey];

/** Its default is documented, but servers have asked for it: https://github.com/attendee-labs/attendee/pull/751 */
function withoutContentType(params: unknown): MediaFault[] {
  if (!isObject(params)) return [];
  return PICTURES.filter((key) => isObject(params[key]) && params[key]['content_type'] === undefined).map((key) => ({
    cause: 'content-type',
    status: 'warn',
    certainty: 'possible',
    path: `$.media_params.${key}`,
    message: `${key} has no content_type; servers of today may ask for it, whatever its default`,
    fix: `add "content_type": 3 to media_params.${key}`,
  }));
}
