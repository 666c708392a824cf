/** The version, from package.json alone. */
import { readFileSync } from 'node:fs';

const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

export const VERSION = String(Reflect.get(Object(manifest), 'version'));

/** How a recording names its writer. */
export const TOOL = `rtms ${VERSION}`;
