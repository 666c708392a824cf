/** Small words that the messages of several rules are made of. It knows no rule and no session. */

/** `INVALID_SIGNATURE` as the cause `invalid-signature`. */
export const kebab = (name: string): string => name.toLowerCase().replaceAll('_', '-');

const MOST_SHOWN = 60;

/** A value from outside as JSON, cut where it is long. */
export function shown(value: unknown): string {
  const text = jsonOf(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // Reading JSON takes any depth, writing it does not.
    return 'nested too deeply to show';
  }
}
