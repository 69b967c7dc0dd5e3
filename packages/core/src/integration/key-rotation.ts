import type { Integration } from './integration.ts';

/** A request for a new key. */
export interface KeyRotation {
  /** The id of the key that it makes: the same one, however often the request is taken up again. */
  readonly keyId: string;
  /** When it began, or the first one that it takes up. */
  readonly requestedAt: Date;
  readonly isResumed: boolean;
}

/** How many ended keys an integration remembers. */
const maxEndedKeys = 8;

/**
 * What a request for a new key does. `done`: its key is the valid one. `overtaken`: another request has made a newer key,
 * which this one must not end.
 */
export function decideOnRotation(
  { keyId, keyMadeAt, endedKeyIds = [] }: Pick<Integration, 'keyId' | 'keyMadeAt' | 'endedKeyIds'>,
  rotation: KeyRotation,
): 'rotate' | 'done' | 'overtaken' {
  if (keyId === rotation.keyId) return 'done';
  if (endedKeyIds.includes(rotation.keyId)) return 'overtaken';
  // An earlier try may have stopped before it made its key.
  const isOld = rotation.isResumed && keyMadeAt !== undefined && keyMadeAt > rotation.requestedAt;
  return isOld ? 'overtaken' : 'rotate';
}

/** An integration with a new key. The earlier one has ended. */
export const withKey = (integration: Integration, keyId: string, now: Date): Integration => ({
  ...integration,
  keyId,
  keyMadeAt: now,
  endedKeyIds: [
    ...(integration.endedKeyIds ?? []),
    ...(integration.keyId === undefined ? [] : [integration.keyId]),
  ].slice(-maxEndedKeys),
  updatedAt: now,
});
