import type { UnreachableReason } from '@posthorn/core';
import { Unreachable } from '../failure/unreachable.ts';
import { createFailureMemory, firstWaitMs, longestWaitMs } from './failure-memory.ts';

/** How long each of these failures, one after the other, is remembered. */
function waitsAfter(...reasons: readonly UnreachableReason[]): readonly (number | undefined)[] {
  const clock = { ms: 0 };
  const memory = createFailureMemory({ maxEntries: 10, now: () => clock.ms });
  return reasons.map((reason) => {
    memory.add('a.example', new Unreachable(reason));
    const startedAt = clock.ms;
    clock.ms = memory.find('a.example')?.askAgainAt ?? clock.ms;
    return clock.ms - startedAt;
  });
}

describe('a failed name', () => {
  it('is looked up again before the second attempt of a delivery', () => {
    expect(waitsAfter('name-server-silent')).toEqual([firstWaitMs]);
    expect(firstWaitMs).toBeLessThan(4_000);
  });

  it('is looked up less often while its servers stay silent', () => {
    expect(waitsAfter(...Array.from({ length: 7 }, () => 'name-server-silent' as const))).toEqual([
      ...[3_500, 7_000, 14_000, 28_000, 56_000],
      ...[longestWaitMs, longestWaitMs],
    ]);
  });

  it('is looked up as often as before while its servers answer', () => {
    expect(waitsAfter('name-server-silent', 'name-not-found', 'name-not-found')).toEqual([3_500, 3_500, 3_500]);
  });

  it('starts anew after it was found', () => {
    const memory = createFailureMemory({ maxEntries: 10, now: () => 0 });
    for (let n = 0; n < 3; n += 1) memory.add('a.example', new Unreachable('name-server-silent'));
    memory.forget('a.example');
    memory.add('a.example', new Unreachable('name-server-silent'));
    expect(memory.find('a.example')?.waitMs).toBe(firstWaitMs);
  });
});
