import { messageIn } from '@posthorn/contracts/api/message';
import { InvalidJson, scanJson, scanMembers, scanValue } from '@posthorn/core/message/json-scan';
import { parseJson } from '../http/parse-json.ts';
import { requireFewParts } from '../http/part-limit.ts';
import { notJson } from '../http/refusals.ts';

/** The members that can carry the payload. Their values are sent as they are, and never parsed. */
const payloadNames = ['payload', 'data'] as const;
export type PayloadName = (typeof payloadNames)[number];

const isPayloadName = (name: string): name is PayloadName => payloadNames.some((one) => one === name);
const knownNames: ReadonlySet<string> = new Set(Object.keys(messageIn.shape));
/** In a longer text, even with each character escaped, there is no known name. */
const maxNameLength = 6 * Math.max(...[...knownNames].map((name) => name.length)) + 2;

export interface ScannedRequest {
  /** What the schema checks. A payload is represented by an empty value of its kind. */
  readonly value: unknown;
  /** Each payload that is given, as a slice of the text. If a name is given twice, the last value counts. */
  readonly payloads: ReadonlyMap<PayloadName, string>;
}

/**
 * Reads a request by scanning its text once. Only members with a known name are parsed, and no payload: a payload of a
 * hundred thousand members takes twenty times as long to parse as to scan, and every other caller would wait.
 *
 * @throws ValidationError where `JSON.parse` would refuse the text, if another member has too many parts, or if something
 * in it is named `__proto__`
 */
export function scanRequest(text: string): ScannedRequest {
  const slices = new Map<string, string>();
  const first = scanKnown(text, (name, slice) => slices.set(name, slice));
  if (first !== '{') return { value: emptyLike(first), payloads: new Map() };
  const value: Record<string, unknown> = {};
  const payloads = new Map<PayloadName, string>();
  for (const [name, slice] of slices) {
    if (isPayloadName(name)) {
      value[name] = emptyLike(slice);
      payloads.set(name, slice);
      continue;
    }
    requireFewParts(slice, ['body', name]);
    value[name] = parseJson(slice);
  }
  return { value, payloads };
}

/** Returns the first character of the value. */
function scanKnown(text: string, onKnown: (name: string, slice: string) => void): string {
  let first = '';
  const scanMember = (nameStart: number, nameEnd: number, start: number): number => {
    const end = scanValue(text, start);
    if (nameEnd - nameStart > maxNameLength) return end;
    const written = text.slice(nameStart, nameEnd);
    const name = written.includes('\\') ? String(JSON.parse(written)) : written.slice(1, -1);
    if (knownNames.has(name)) onKnown(name, text.slice(start, end));
    return end;
  };
  try {
    scanJson(text, (start) => {
      first = text.charAt(start);
      return first === '{' ? scanMembers(text, start, scanMember) : scanValue(text, start);
    });
    return first;
  } catch (error) {
    throw error instanceof InvalidJson ? notJson(error) : error;
  }
}

/** An empty value of the same kind. */
function emptyLike(json: string): unknown {
  if (json.startsWith('{')) return {};
  if (json.startsWith('[')) return [];
  if (json.startsWith('"')) return '';
  if (json.startsWith('n')) return null;
  return json.startsWith('t') || json.startsWith('f') ? false : 0;
}
