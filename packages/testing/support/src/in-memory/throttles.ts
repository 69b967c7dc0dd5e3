import { reserveSlots, type SlotLine, type ThrottleRepository } from '@posthorn/core';

/** Lines of slots in a map. */
export function inMemoryThrottles(): ThrottleRepository {
  const lines = new Map<string, SlotLine>();
  return {
    reserve: async ({ line: name, id }, request) => {
      const key = `${name}#${id}`;
      const { first, line } = reserveSlots(lines.get(key), request);
      lines.set(key, line);
      return first;
    },
  };
}
