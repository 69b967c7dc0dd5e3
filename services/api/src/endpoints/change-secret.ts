import type { EndpointSecretRotateIn } from '@posthorn/contracts/api/endpoint';
import type { Endpoint, EndpointRepository } from '@posthorn/core';
import { defaultGraceSeconds, rotateSecret, type SecretRotation } from '@posthorn/core/signing/rotate-secret';
import { isKeyPair } from '@posthorn/core/signing/secret';
import { type UpdateWithRetryDeps, updateWithRetry } from '../storing/update-with-retry.ts';
import { randomKeyPair, randomSecret, readSecret } from './given-secret.ts';
import { type Seal, sealContextOf } from './sealed-headers.ts';

export interface ChangeSecretDeps extends UpdateWithRetryDeps {
  readonly endpoints: Pick<EndpointRepository, 'update'>;
  readonly seal: Seal;
}

interface Change {
  /** Reads the current endpoint. */
  readonly read: () => Promise<Endpoint>;
  readonly input: EndpointSecretRotateIn;
  /** Names this rotation. */
  readonly rotation: string;
  readonly now: Date;
}

/**
 * Gives an endpoint a new signing secret: the given one, or a random one of the same kind. The same rotation is done once,
 * as long as the secret that came with it signs.
 *
 * @throws ValidationError if the given secret is not valid
 * @throws DomainError `limit_reached` if too many old secrets still sign
 */
export function createSecretChanger(deps: ChangeSecretDeps) {
  const { seal, randomBytes } = deps;
  return async ({ read, input, rotation, now }: Change): Promise<Endpoint> => {
    const given = input.key == null ? undefined : readSecret(input.key, ['body', 'key']);
    // Created once: another request's change between two tries must not lead to a second secret.
    const created = { shared: randomSecret(randomBytes), pair: randomKeyPair(randomBytes) };
    const graceSeconds = input.gracePeriodSeconds ?? defaultGraceSeconds;
    const toKey = (current: string) => given ?? (isKeyPair(current) ? created.pair : created.shared);
    return updateWithRetry(deps, {
      read,
      write: deps.endpoints.update,
      change: async (previous) => {
        if (previous.secrets.some((secret) => secret.rotation === rotation)) return previous;
        const secrets = await rotatedSecrets(seal, previous, { toKey, graceSeconds, rotation, now });
        return secrets === previous.secrets ? previous : { ...previous, secrets, updatedAt: now };
      },
    });
  };
}

interface Rotation extends Omit<SecretRotation, 'sealedKey'> {
  /** Returns the new secret. */
  readonly toKey: (current: string) => string;
}

/**
 * The secrets of an endpoint after a rotation. A secret that it already has becomes the current one, so that no secret signs
 * twice. If it is the current one already, nothing changes.
 *
 * @throws DomainError `limit_reached` if too many old secrets still sign
 */
export async function rotatedSecrets(
  seal: Seal,
  endpoint: Endpoint,
  { toKey, ...rotation }: Rotation,
): Promise<Endpoint['secrets']> {
  const { secrets } = endpoint;
  const context = sealContextOf(endpoint);
  const opened = await Promise.all(
    secrets.map(async (secret) => ({ secret, text: await seal.open(secret.sealedKey, context) })),
  );
  const current = opened[0]?.text ?? '';
  const key = toKey(current);
  if (key === current) return secrets;
  const others = opened.filter(({ text }) => text !== key).map(({ secret }) => secret);
  return rotateSecret(others, { sealedKey: await seal.seal(key, context), ...rotation });
}
