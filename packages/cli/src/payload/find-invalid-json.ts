import { InvalidJson, scanJson } from '@posthorn/core/message/json-scan';

/** Where a text stops being JSON. */
export interface InvalidPlace {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters as JavaScript counts them. */
  readonly column: number;
  /** The rest of that line, shortened. Empty if the text ends too early. */
  readonly rest: string;
}

const maxRest = 30;

/** Returns where a text stops being JSON; `undefined` if it is JSON. */
export function findInvalidJson(text: string): InvalidPlace | undefined {
  try {
    scanJson(text);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidJson) return placeOf(text, error.position);
    throw error;
  }
}

function placeOf(text: string, position: number): InvalidPlace {
  const before = text.slice(0, position).split('\n');
  const [rest = ''] = text.slice(position).split(/\r?\n/, 1);
  return {
    line: before.length,
    column: (before.at(-1) ?? '').length + 1,
    rest: rest.length > maxRest ? `${rest.slice(0, maxRest)}…` : rest,
  };
}
