/** Finds and reads the mock's scenarios, which ship as files beside the code. */
import { readdirSync, readFileSync } from 'node:fs';
import { RtmsError } from './errors.js';
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

const read = (file: URL): Scenario[] => decodeScenarios(JSON.parse(readFileSync(file, 'utf8')));
