import type { SharedThreadLimits } from '@posthorn/threads';

/** What one check may cost. A comparison with one schema is ten steps, and one of a character with a pattern is one. */
export const maxSteps = 10_000_000;

/** A check ends soon after it has found this many places that do not fit. */
export const maxMismatches = 20;

/** What the schemas that a thread keeps ready to use take, in bytes. */
export const maxKeptBytes = 40_000_000;

/**
 * The CPU of a check only decides whether its thread is stuck: its steps end it. Whoever posts a message waits. A check
 * waits for its turn, then for its thread to start, then for its end. One check that does not end does not use up the wait
 * of the next one.
 */
export const threadLimits: SharedThreadLimits = {
  maxCpuMs: 200,
  longestWaitMs: 6_000,
  longestStartMs: 4_000,
  longestRunMs: 4_000,
};

/** What waits to be checked for one organisation, in characters. */
export const maxWaitingCharacters = 16_000_000;
