import { PassingError, type TokenChecks } from '@posthorn/core';
import type { Clock } from '@posthorn/platform';

/** From this age on the list is read again, while requests go on with the one that is known. */
const refreshAfterMs = 2_000;
/** At this age it is too old: requests wait for a new one. So a revocation is in force within five seconds. */
const tooOldMs = 4_000;
const longestWaitMs = 5_000;

export interface RevokedTokensDeps {
  readonly tokenChecks: Pick<TokenChecks, 'findVersions' | 'listRevoked'>;
  readonly clock: Clock;
  /** Gets the other count of the same read: that of the changes of which schemas are enforced. */
  readonly noteEnforcement?: ((version: number) => void) | undefined;
  /** How long a request waits for the list. Default: five seconds. Nothing else ends a request this early. */
  readonly waitMs?: number;
}

interface RevokedList {
  readonly version: number;
  readonly ids: ReadonlySet<string>;
  /** When the read of it began, in milliseconds since 1970. */
  readonly readAt: number;
}

/**
 * Whether an operator has revoked a token. The list of such tokens is kept in memory: a busy function asks every two
 * seconds whether it has changed, and reads it only then.
 */
export function createRevokedTokens({
  tokenChecks,
  clock,
  noteEnforcement,
  waitMs = longestWaitMs,
}: RevokedTokensDeps): (tokenId: string) => Promise<boolean> {
  let known: RevokedList = { version: 0, ids: new Set(), readAt: Number.NEGATIVE_INFINITY };
  let running: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    const readAt = clock().getTime();
    const { revoked: version, enforcement } = await tokenChecks.findVersions();
    noteEnforcement?.(enforcement);
    const ids = version === known.version ? known.ids : await tokenChecks.listRevoked();
    known = { version, ids, readAt };
  };
  const refresh = (): Promise<void> => {
    running ??= read().finally(() => {
      running = undefined;
    });
    return running;
  };
  const ageMs = (): number => {
    const age = clock().getTime() - known.readAt;
    // The clock was set back.
    return age < 0 ? Number.POSITIVE_INFINITY : age;
  };

  return async (tokenId) => {
    if (ageMs() >= tooOldMs) await inTime(refresh(), waitMs);
    // A read that began before Lambda froze the function ends with an old list.
    if (ageMs() >= tooOldMs) await inTime(refresh(), waitMs);
    // If this fails and goes on failing, the list gets too old, and requests fail.
    else if (ageMs() >= refreshAfterMs) refresh().catch(() => undefined);
    return known.ids.has(tokenId);
  };
}

/** @throws PassingError if it takes too long: the request is answered with 503 */
async function inTime(read: Promise<void>, waitMs: number): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new PassingError('the list of revoked tokens was not read in time')),
    waitMs,
  );
  try {
    await Promise.race([read, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
