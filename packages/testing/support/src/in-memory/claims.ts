import type { BegunRequest, ClaimRepository, MessageClaim, RequestSeed, StoredAnswer } from '@posthorn/core';

/** A request with an idempotency key. It is locked until `until`, or its answer is stored until then. */
type StoredRequest =
  | { readonly until: Date; readonly answer: StoredAnswer }
  | { readonly until: Date; readonly answer?: undefined; readonly seed: RequestSeed; readonly keptUntil: Date };

/** Claims and requests in maps. */
export function inMemoryClaims(): ClaimRepository {
  const claims = new Map<string, MessageClaim>();
  const requests = new Map<string, StoredRequest>();
  const findClaim = (key: string, now: Date) => {
    const held = claims.get(key);
    return held && held.expiresAt > now ? held : undefined;
  };
  const findHeldBy = ({ key, lockedUntil }: BegunRequest) => {
    const found = requests.get(key);
    return found && !found.answer && found.until.getTime() === lockedUntil.getTime() ? found : undefined;
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
      if (!isFrom && held?.messageId !== claim.messageId) return 'lost';
      claims.set(claim.key, claim);
      return 'claimed';
    },
    find: async (key, now) => findClaim(key, now),
    begin: async ({ key, seed, lockedUntil, keptUntil }) => {
      const found = requests.get(key);
      const now = seed.at;
      if (found && found.until > now) {
        const { answer, until } = found;
        return answer ? { kind: 'answered', answer: { ...answer, until } } : { kind: 'in_progress' };
      }
      if (found && !found.answer && found.keptUntil > now) {
        requests.set(key, { ...found, until: lockedUntil });
        return { kind: 'begun', resumes: found.seed };
      }
      requests.set(key, { until: lockedUntil, seed, keptUntil });
      return { kind: 'begun' };
    },
    beginInstead: async ({ key, seed, lockedUntil, keptUntil }, { until }) => {
      const found = requests.get(key);
      if (!found?.answer || found.until.getTime() !== until.getTime()) return 'lost';
      requests.set(key, { until: lockedUntil, seed, keptUntil });
      return 'begun';
    },
    finish: async (request, answer, expiresAt) => {
      if (!requests.has(request.key) || findHeldBy(request)) requests.set(request.key, { until: expiresAt, answer });
    },
    release: async (request) => {
      const held = findHeldBy(request);
      if (held) requests.set(request.key, { ...held, until: held.seed.at });
    },
    forget: async (request) => {
      if (findHeldBy(request)?.seed.text === request.seed.text) requests.delete(request.key);
    },
  };
}
