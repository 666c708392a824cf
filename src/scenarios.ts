/** Finds and reads the mock's scenarios: those that ship as files beside the code, and a file of the user's own. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { errorText, RtmsError, type Hint } from './errors.js';
import { unreadable } from './input.js';
import { decodeScenarios, type Scenario } from './net/scenario.js';
import { nearest } from './protocol/nearest.js';

const FOLDER = new URL('../fixtures/scenarios/', import.meta.url);

/** The scenarios that ship, each with its variants, by name. */
export function readScenarios(): ReadonlyMap<string, readonly Scenario[]> {
  const names = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));
  return new Map(names.map((name) => [name, read(new URL(`${name}.json`, FOLDER))]));
}

/** A scenario that ships, by name. Throws RtmsError (`usage`) for a name that is none, with those that are like it. */
export function readScenario(name: string, flag = '--mock='): Scenario {
  const scenarios = readScenarios();
  const all = [...scenarios.values()].flat();
  const found = all.find((scenario) => scenario.name === name);
  if (found) return found;
  const variants = scenarios.get(name)?.map((scenario) => scenario.name);
  const meant = variants?.join('|') ?? nearest(name, [...scenarios.keys(), ...all.map((scenario) => scenario.name)]);
  const hint: Hint = meant === undefined ? ['list', 'them with rtms mock --list'] : ['give', `${flag}${meant}`];
  throw new RtmsError('usage', `no scenario is called ${name}`, [hint]);
}

/** By name, or from a file where there is a path or an ending. Throws RtmsError (`usage`, `input`) for what is none. */
export function findScenarios(nameOrFile: string): readonly Scenario[] {
  if (!/[/\\]|\.json$/.test(nameOrFile)) return [readScenario(nameOrFile, '--scenario ')];
  const text = textOf(nameOrFile);
  try {
    return decodeScenarios(JSON.parse(text));
  } catch (error) {
    const why = error instanceof SyntaxError ? `it is not JSON: ${errorText(error)}` : errorText(error);
    const hint: Hint = ['compare', `it with those in ${fileURLToPath(FOLDER)}`];
    throw new RtmsError('input', `cannot play ${nameOrFile}: ${why}`, [hint], { cause: error });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error, '--scenario FILE, or a name of rtms mock --list');
  }
}

const read = (file: URL): Scenario[] => decodeScenarios(JSON.parse(readFileSync(file, 'utf8')));
