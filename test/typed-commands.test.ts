/** Every command that a text of the program tells the user to type is there, with the options it is told with. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runRtms } from './helpers/transcript.js';

const SRC = fileURLToPath(new URL('../src/', import.meta.url));
const COMMANDS = ['sign', 'sign webhook', 'sign challenge', 'connect', 'doctor', 'lint', 'explain', 'listen', 'mock', 'proxy'];

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
/** A command line as it stands in a string, up to the end of it or of the clause. */
const LINE = /\brtms [a-z]+[^`'"\n;:,.()…|\\]*/g;
const typed = files.flatMap((file) => {
  const text = readFileSync(join(SRC, file), 'utf8').replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '');
  return [...text.matchAll(LINE)]
    .map(([line]) => line.trim())
    // Any other word after the name is prose.
    .filter((line) => COMMANDS.includes(line.split(/\s+/)[1] ?? '') || / --/.test(line))
    .map((line) => [file, line] as const);
});

const helps = new Map<string, Promise<Set<string>>>();
function optionsOf(command: string): Promise<Set<string>> {
  const known = helps.get(command) ?? readOptions(command);
  helps.set(command, known);
  return known;
}

async function readOptions(command: string): Promise<Set<string>> {
  const { stdout } = await runRtms([...command.split(' '), '--help']);
  return new Set(stdout.match(/(?<![\w-])--?[a-z][a-z-]*/g));
}

describe('what is to be typed', () => {
  it('is found in the sources', () => {
    expect(typed.length).toBeGreaterThan(50);
  });

  it.each(typed)('%s: %s', async (_, line) => {
    const [, first = '', second = ''] = line.split(/\s+/);
    const command = COMMANDS.find((each) => each === `${first} ${second}`) ?? first;
    expect(COMMANDS).toContain(command);
    const options = line.match(/(?<=\s)--[a-z][a-z-]*/g) ?? [];
    const known = await optionsOf(command);
    expect(options.filter((option) => !known.has(option))).toEqual([]);
  });
});
