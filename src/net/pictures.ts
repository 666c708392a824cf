/** The pictures of the mock server: small grey ones of its own, and a stream of H.264 cut into pictures. */

/** 16 × 16, grey. */
export const GREY_JPG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////' +
    'm8H////6/+b9//j/wAALCAAQABABAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8A' +
    'AP/Z',
  'base64',
);

/** 16 × 16, grey. */
export const GREY_PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAAAAAA6mKC9AAAAD0lEQVR42mNoQAMMI1sAAAUMgAHjM1mKAAAAAElFTkSuQmCC',
  'base64',
);

/** Two pictures of 32 × 32, grey, each with its parameter sets. */
export const GREY_H264 = Buffer.from(
  'AAAAAWdCwArclsBEAAADAAQAAAMAyDxIngAAAAFozgOSyAAAAWWIhAS8mKDfXXgAAAABZ0LACtyWwEQAAAMABAAAAwDIPEieAAAAAWjO' +
    'A5LIAAABZYiCAR8mKN9deA==',
  'base64',
);

/** NAL unit types that hold a slice of a picture: ITU-T H.264 table 7-1. https://www.itu.int/rec/T-REC-H.264 */
const SLICES = [1, 5];
const NAL_TYPE_BITS = 0x1f;
const START_CODE = Buffer.from([0, 0, 1]);

/** Cuts an Annex-B stream of one slice a picture behind each slice, so that parameter sets precede their picture. */
export function annexBPictures(stream: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(stream);
  const pictures: Uint8Array[] = [];
  let start = 0;
  for (let at = bytes.indexOf(START_CODE); at >= 0;) {
    const next = bytes.indexOf(START_CODE, at + START_CODE.length);
    // The zero byte before a start code belongs to it.
    const end = next < 0 ? bytes.length : next - (bytes[next - 1] === 0 ? 1 : 0);
    if (SLICES.includes((bytes[at + START_CODE.length] ?? 0) & NAL_TYPE_BITS)) {
      pictures.push(bytes.subarray(start, end));
      start = end;
    }
    at = next;
  }
  return pictures;
}
