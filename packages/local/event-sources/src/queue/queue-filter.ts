import { createEventFilter } from '../event-filter.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { QueueMessage } from './queue-record.ts';

/** Filters messages as Lambda does: a pattern with fields matches only JSON bodies, a list matches only text. */
export function createQueueFilter(patterns: readonly JsonObject[]): (message: QueueMessage) => boolean {
  const tests = patterns.map((pattern) => {
    const test = createEventFilter([pattern]);
    const readsJson = isJsonObject(pattern.body);
    return ({ record }: QueueMessage) => test(readsJson ? { ...record, body: parseBody(record.body) } : record);
  });
  return (message) => tests.length === 0 || tests.some((test) => test(message));
}

function parseBody(body: string): Json | undefined {
  try {
    // JSON.parse returns only JSON.
    return JSON.parse(body) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
