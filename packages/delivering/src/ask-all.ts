import type { MayAttempt } from './may-attempt.ts';

/**
 * Asks one gate after the other. The first one that does not let a delivery go decides, and the rest is not asked. Nor is
 * it asked about the probe of a breaker: there is one in each wait, which would be lost if it waited for its turn in a line.
 */
export const askAll =
  (...gates: readonly MayAttempt[]): MayAttempt =>
  async (request) => {
    for (const gate of gates) {
      const permission = await gate(request);
      if (permission.kind !== 'go' || permission.probe) return permission;
    }
    return { kind: 'go' };
  };
