import { expect, it } from 'vitest';
import { rerunLine } from '../src/rerun.js';

it.each([
  [['connect', '--payload', 'a.json'], 'rtms connect --payload a.json'],
  [['connect', '--payload', 'my file.json'], "rtms connect --payload 'my file.json'"],
  [['sign', '--stream-id', "it's"], "rtms sign --stream-id 'it'\\''s'"],
  [['sign', '--client-secret', 'hush', '--explain'], 'rtms sign --explain'],
  [['sign', '--client-secret=hush', '--secret-token', 'hush'], 'rtms sign'],
  [['connect', '--proxy', 'http://ada:hush@proxy:8080'], "rtms connect --proxy 'http://…@proxy:8080'"],
  [['connect', '--proxy', 'http://hush:a@hush@proxy'], "rtms connect --proxy 'http://…@proxy'"],
])('%j', (args, line) => {
  expect(rerunLine(args)).toBe(line);
  expect(rerunLine(args)).not.toContain('hush');
});
