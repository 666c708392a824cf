/** Finds and reads the mock's scenarios: those that ship as files beside the code, and a file of the user's own. */
import { readdirSync, readFileSync } from 'node:fs';
import { errorCode, errorText, RtmsError } from './errors.js';
import { decodeScenarios, type Scenario } from './net/scenario.js';

const FOLDER = new URL('../fixtures/scenarios/', import.meta.url);

/** The scenarios that ship, each with its variants, by name. */
export function readScenarios(): ReadonlyMap<string, readonly Scenario[]> {
  const names = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));
  return new Map(names.map((name) => [name, read(new URL(`${name}.json`, FOLDER))]));
}

/** A scenario that ships, by name. Throws RtmsError (`usage`) for a name that is none, listing those that are. */
export function readScenario(name: string, flag = '--mock='): Scenario {
  const scenarios = readScenarios();
  const found = [...scenarios.values()].flat().find((scenario) => scenario.name === name);
  if (found) return found;
  const variants = scenarios.get(name)?.map((scenario) => scenario.name) ?? [...scenarios.keys()];
  throw new RtmsError('usage', `no scenario is called ${name}`, [['give', `${flag}${variants.join('|')}`]]);
}

/** By name, or from a file where there is a path or an ending. Throws RtmsError (`usage`, `input`) for what is none. */
export function findScenarios(nameOrFile: string): readonly Scenario[] {
  if (!/[/\\]|\.json$/.test(nameOrFile)) return [readScenario(nameOrFile, '--scenario ')];
  try {
    return read(nameOrFile);
  } catch (error) {
    const why = error instanceof SyntaxError ? `it is not JSON: ${errorText(error)}` : errorText(error);
    const seen = errorCode(error) === 'ENOENT' ? 'there is no such file' : why;
    const hint = ['compare', 'it with one that ships: rtms mock --list says where they are'] as const;
    throw new RtmsError('input', `cannot play ${nameOrFile}: ${seen}`, [hint], { cause: error });
  }
}

const read = (file: string | URL): Scenario[] => decodeScenarios(JSON.parse(readFileSync(file, 'utf8')));
