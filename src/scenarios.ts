/** Finds and reads the mock's scenarios, which ship as files beside the code. */
import { readdirSync, readFileSync } from 'node:fs';
import { RtmsError } from './errors.js';
import { decodeScenario, type Scenario } from './net/scenario.js';

const FOLDER = new URL('../fixtures/scenarios/', import.meta.url);

/** A scenario by name. Throws RtmsError (`usage`) for a name that is none, listing those that are. */
export function readScenario(name: string): Scenario {
  const names = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));
  if (!names.includes(name)) {
    throw new RtmsError('usage', `no scenario is called ${name}`, [['give', `--mock=${names.join('|')}`]]);
  }
  return decodeScenario(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')));
}
