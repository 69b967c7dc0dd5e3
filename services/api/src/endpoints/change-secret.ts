import type { EndpointSecretRotateIn } from '@posthorn/contracts/api/endpoint';
import type { Endpoint, EndpointRepository, SealedSecret } from '@posthorn/core';
import { defaultGraceSeconds, rotateSecret } from '@posthorn/core/signing/rotate-secret';
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
  readonly now: Date;
}

/**
 * Gives an endpoint a new signing secret: the given one, or a random one of the same kind. A secret that it already has
 * becomes the current one, so that no secret signs twice. If it is the current one already, nothing changes: a rotation
 * can be repeated.
 *
 * @throws ValidationError if the given secret is not valid
 * @throws DomainError `limit_reached` if too many old secrets still sign
 */
export function createSecretChanger(deps: ChangeSecretDeps) {
  const { seal, randomBytes } = deps;
  return async ({ read, input, now }: Change): Promise<Endpoint> => {
    const given = input.key == null ? undefined : readSecret(input.key, ['body', 'key']);
    // Created once: another request's change between two tries must not lead to a second secret.
    const created = { shared: randomSecret(randomBytes), pair: randomKeyPair(randomBytes) };
    return updateWithRetry(deps, {
      read,
      write: deps.endpoints.update,
      change: async (previous) => {
        const context = sealContextOf(previous);
        const opened = await Promise.all(
          previous.secrets.map(async (secret) => ({ secret, text: await seal.open(secret.sealedKey, context) })),
        );
        const key = given ?? (isKeyPair(opened[0]?.text ?? '') ? created.pair : created.shared);
        if (opened[0]?.text === key) return previous;
        const others: readonly SealedSecret[] = opened.filter(({ text }) => text !== key).map(({ secret }) => secret);
        const graceSeconds = input.gracePeriodSeconds ?? defaultGraceSeconds;
        const sealedKey = await seal.seal(key, context);
        return { ...previous, secrets: rotateSecret(others, { sealedKey, graceSeconds, now }), updatedAt: now };
      },
    });
  };
}
