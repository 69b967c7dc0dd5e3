import type { SealedSecret } from '../endpoint/endpoint.ts';
import { DomainError } from '../errors.ts';
import { liveSecrets } from './sign-message.ts';

/** At most this many earlier secrets sign beside the current one. */
export const maxOldSecrets = 10;

/** How long an earlier secret can go on signing: a week. */
export const maxGraceSeconds = 604_800;

/** How long an earlier secret goes on signing if the caller does not say: a day. */
export const defaultGraceSeconds = 86_400;

export interface SecretRotation {
  /** The new secret, sealed. */
  readonly sealedKey: string;
  /** How long the present secret goes on signing. With 0 it stops at once. */
  readonly graceSeconds: number;
  /** Names the rotation, so that its repetition is recognised. */
  readonly rotation?: string;
  readonly now: Date;
}

/**
 * The secrets of an endpoint after a rotation: the new one, the present one until its time is over, and those of earlier
 * rotations whose time is not over. All of them sign.
 *
 * @throws DomainError `limit_reached` if more than ten earlier secrets would sign
 */
export function rotateSecret(
  secrets: readonly SealedSecret[],
  { sealedKey, graceSeconds, rotation, now }: SecretRotation,
): readonly SealedSecret[] {
  const expiresAt = new Date(now.getTime() + graceSeconds * 1_000);
  const ending = secrets.map((secret) => (secret.expiresAt === undefined ? { ...secret, expiresAt } : secret));
  const old = liveSecrets(ending, now);
  if (old.length > maxOldSecrets) throw tooManyOldSecrets(old);
  return [{ sealedKey, ...(rotation !== undefined && { rotation }) }, ...old];
}

function tooManyOldSecrets(old: readonly SealedSecret[]): DomainError {
  const next = old.flatMap(({ expiresAt }) => expiresAt ?? []).toSorted((one, other) => Number(one) - Number(other))[0];
  return new DomainError(
    'limit_reached',
    `The endpoint has ${maxOldSecrets} old secrets that still sign. Rotate again after ${next?.toISOString()}, when ` +
      'the next of them ends, or with gracePeriodSeconds 0.',
  );
}
