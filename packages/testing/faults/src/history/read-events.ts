import { existsSync, readFileSync } from 'node:fs';
import type { Event } from './event.ts';

/** Reads the events that another process has written so far, one JSON object a line. */
export function readEvents(file: string): readonly Event[] {
  if (!existsSync(file)) return [];
  // A reader may see the beginning of the last line.
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Event);
}
