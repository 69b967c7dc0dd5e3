import type { ClaimRepository, MessageClaim, StoredAnswer } from '@posthorn/core';

/** A request under an idempotency key: at work until `until`, or answered and kept until then. */
interface BegunRequest {
  readonly until: Date;
  readonly answer?: StoredAnswer;
}

/** Claims and requests in maps. */
export function inMemoryClaims(): ClaimRepository {
  const claims = new Map<string, MessageClaim>();
  const requests = new Map<string, BegunRequest>();
  const findClaim = (key: string, now: Date) => {
    const held = claims.get(key);
    return held && held.expiresAt > now ? held : undefined;
  };

  return {
    claim: async (claim) => {
      const held = findClaim(claim.key, claim.claimedAt);
      if (held && held.messageId !== claim.messageId) return { kind: 'held', by: held };
      claims.set(claim.key, claim);
      return { kind: 'claimed' };
    },
    takeOver: async (claim, from) => {
      const held = claims.get(claim.key);
      const isFrom = held?.messageId === from.messageId && held.claimedAt.getTime() === from.claimedAt.getTime();
      if (!isFrom) return 'lost';
      claims.set(claim.key, claim);
      return 'claimed';
    },
    find: async (key, now) => findClaim(key, now),
    begin: async ({ key, now, lockedUntil }) => {
      const begun = requests.get(key);
      if (begun && begun.until > now) {
        return begun.answer ? { kind: 'answered', answer: begun.answer } : { kind: 'in_progress' };
      }
      requests.set(key, { until: lockedUntil });
      return { kind: 'begun' };
    },
    finish: async (key, answer, expiresAt) => {
      requests.set(key, { until: expiresAt, answer });
    },
    release: async (key) => {
      if (!requests.get(key)?.answer) requests.delete(key);
    },
  };
}
