import { describe, expect, it } from 'vitest';
import { annexBPictures, GREY_H264, GREY_JPG, GREY_PNG } from '../../src/net/pictures.js';

it.each([
  ['JPEG', GREY_JPG, /^ffd8ff.*ffd9$/],
  ['PNG', GREY_PNG, /^89504e470d0a1a0a.*49454e44ae426082$/],
  ['H.264', GREY_H264, /^00000001.*000001/],
])('the built-in %s begins and ends as one', (_, bytes, pattern) => {
  expect(bytes.toString('hex')).toMatch(pattern);
});

describe('annexBPictures', () => {
  it.each([
    ['', []],
    ['000000016742', []],
    ['00000165aa', ['00000165aa']],
    ['0000000167bb00000168cc00000165dd', ['0000000167bb00000168cc00000165dd']],
    ['00000165aa0000000141bb00000141cc', ['00000165aa', '0000000141bb', '00000141cc']],
  ])('cuts %s behind each slice', (stream, pictures) => {
    const cut = annexBPictures(Buffer.from(stream, 'hex'));
    expect(cut.map((picture) => Buffer.from(picture).toString('hex'))).toEqual(pictures);
  });
});
