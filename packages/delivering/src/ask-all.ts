import type { MayAttempt } from './may-attempt.ts';

/** Asks one gate after the other. The first one that does not let a delivery go decides, and the rest is not asked. */
export const askAll =
  (...gates: readonly MayAttempt[]): MayAttempt =>
  async (request) => {
    for (const gate of gates) {
      const permission = await gate(request);
      if (permission.kind !== 'go') return permission;
    }
    return { kind: 'go' };
  };
