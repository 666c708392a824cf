import { spawnSync } from 'node:child_process';

/** Whether a program is on this machine. */
export const installed = (command: string): boolean =>
  spawnSync(command, ['-v'], { stdio: 'ignore' }).error === undefined;
