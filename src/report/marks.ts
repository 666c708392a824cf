/** The mark and colour of each status, the same in every report. */
import type { ChalkInstance } from 'chalk';
import type { Status } from '../rules/rule.js';

const MARKS: Readonly<Record<Status, string>> = { pass: '✔', fail: '✖', warn: '!', skip: '–', crash: '✖', ask: '?' };
const COLORS = { pass: 'green', fail: 'red', warn: 'yellow', skip: 'dim', crash: 'red', ask: 'yellow' } as const;

export const markOf = (status: Status): string => MARKS[status];

export const painted = (status: Status, text: string, chalk: ChalkInstance): string => chalk[COLORS[status]](text);
