/** The command line to run again, as the user typed it, fit for a screen: quoted for a shell, without any secret. */

/** Options whose value is a secret. */
const SECRET_OPTIONS: readonly string[] = ['--client-secret', '--secret-token'];

/** `args` are those after the program's name. Secrets given in the open and credentials in URLs are left out. */
export function rerunLine(args: readonly string[]): string {
  const kept = args.filter((arg, index) => !isSecret(arg) && !SECRET_OPTIONS.includes(args[index - 1] ?? ''));
  return ['rtms', ...kept.map(withoutPassword).map(quoted)].join(' ');
}

const isSecret = (arg: string): boolean =>
  SECRET_OPTIONS.some((option) => arg === option || arg.startsWith(`${option}=`));

const withoutPassword = (arg: string): string => arg.replace(/:\/\/[^/]*@/, '://…@');

/** As a shell would need it. */
export const quoted = (arg: string): string =>
  /^[\w./:=,+@%-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`;
