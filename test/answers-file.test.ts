import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAnswers, writeAnswers } from '../src/answers-file.js';
import { temporaryFile, temporaryFolder } from './helpers/folder.js';

const reading = (content: string): Promise<unknown> => readAnswers(temporaryFile(content, 'answers.json'), '--answers');
const file = (answers: unknown, version = 1): string => JSON.stringify({ rtmsAnswers: version, answers });

describe('a file of answers', () => {
  it('comes back as it was written, readable by people', async () => {
    const path = join(temporaryFolder(), 'answers.json');
    const answers = { product: 'meeting', 'start-method': 'unknown' };
    await writeAnswers(path, answers);
    expect(readFileSync(path, 'utf8')).toBe(
      '{\n  "rtmsAnswers": 1,\n  "answers": {\n    "product": "meeting",\n    "start-method": "unknown"\n  }\n}\n',
    );
    expect(await readAnswers(path, '--answers')).toEqual(answers);
  });

  it.each([
    ['another version', file({}, 2), /holds no answers/],
    ['another form', '{"product":"meeting"}', /holds no answers/],
    ['an answer that is no text', file({ product: 1 }), /holds no answers/],
    ['an unknown question', file({ 'start-methods': 'rest' }), /"start-methods" is no question/],
    ['an unknown answer', file({ 'start-method': 'automatic' }), /"automatic" is no answer to start-method/],
    ['no JSON', 'product: meeting', /holds no answers/],
  ])('is refused with %s', async (_, content, message) => {
    await expect(reading(content)).rejects.toMatchObject({ message: expect.stringMatching(message), exitCode: 2 });
  });

  it('names what was meant, and what is known', async () => {
    await expect(reading(file({ 'start-methods': 'rest' }))).rejects.toMatchObject({
      hints: [
        ['meant', 'start-method'],
        ['known', expect.stringContaining('sharing-setting')],
      ],
    });
    await expect(reading(file({ 'app-kind': 'other-kind' }))).rejects.toMatchObject({
      hints: [['known', 'general-user, general-admin, server-to-server, video-sdk, other, unknown']],
    });
  });

  it('that cannot be written is said with the reason', async () => {
    await expect(writeAnswers(join(temporaryFolder(), 'no', 'such'), {})).rejects.toThrow(
      'its folder does not exist',
    );
  });
});
