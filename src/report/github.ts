/** Findings as annotations of GitHub Actions, which puts them beside the lines of a change. */
import type { LocatedFinding } from '../linter.js';

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message */
export function annotation({ finding, spots: [spot] }: LocatedFinding): string {
  const { rule, cause, status, certainty, message, fix } = finding;
  const { location } = spot ?? {};
  const place =
    location && 'line' in location
      ? { line: location.line, endLine: location.endLine, col: location.column, endColumn: location.endColumn }
      : {};
  const where = location && 'offset' in location ? ` (byte ${location.offset})` : '';
  const title = `${[rule, cause].filter((part) => part !== undefined).join(' · ')}${where}`;
  const text = [
    certainty === undefined ? message : `${certainty}: ${message}`,
    ...(fix === undefined ? [] : [`fix: ${fix}`]),
  ];
  return command(
    status === 'warn' ? 'warning' : 'error',
    { ...(spot && { file: spot.file }), ...place, title },
    text.join('\n'),
  );
}

/** A file that could not be judged; the message has its name. */
export const failedAnnotation = (message: string): string => command('error', {}, message);

function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
  return `::${name}${list.length > 0 ? ' ' : ''}${list.join(',')}::${escaped(message)}`;
}

const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapedProperty = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
