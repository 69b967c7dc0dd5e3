import type { IntegrationIn } from '@posthorn/contracts/api/integration';
import { type AcceptingApplication, type Integration, type IntegrationRepository, isId } from '@posthorn/core';
import { decideOnRotation, withKey } from '@posthorn/core/integration/key-rotation';
import type { SignToken } from '@posthorn/secrets/tokens';
import { conflict, notFound } from '../http/refusals.ts';
import { idFrom, type RequestOrigin } from '../idempotency/request-origin.ts';
import { type UpdateWithRetryDeps, updateWithRetry } from '../storing/update-with-retry.ts';

export interface ChangeIntegrationDeps extends UpdateWithRetryDeps {
  readonly integrations: IntegrationRepository;
  readonly signToken: SignToken;
}

interface CreateRequest {
  readonly application: AcceptingApplication;
  readonly input: IntegrationIn;
  readonly origin: RequestOrigin;
}

/** Creates an integration, without a key. The same request creates it once, however often it is taken up again. */
export const createIntegrationCreator =
  ({ integrations }: Pick<ChangeIntegrationDeps, 'integrations'>) =>
  async ({ application: { organisationId, applicationId }, input, origin }: CreateRequest): Promise<Integration> => {
    const integrationId = idFrom(origin, 'integration');
    const integration = {
      organisationId,
      applicationId,
      integrationId,
      ...contentOf(input),
      revision: 1,
      createdAt: origin.at,
      updatedAt: origin.at,
    };
    if ((await integrations.insert(integration)) === 'inserted') return integration;
    return (await integrations.find(applicationId, integrationId)) ?? integration;
  };

const contentOf = ({ name, featureFlags }: IntegrationIn): Pick<Integration, 'name' | 'featureFlags'> => ({
  name,
  featureFlags: [...new Set(featureFlags ?? [])],
});

interface ChangeRequest {
  readonly applicationId: string;
  readonly integrationId: string;
  readonly now: Date;
}

/** Finds an integration of an application. */
export const createIntegrationFinder =
  ({ find }: Pick<IntegrationRepository, 'find'>) =>
  async ({ applicationId, integrationId }: Omit<ChangeRequest, 'now'>): Promise<Integration> => {
    // Other rows of the application have other kinds of keys.
    const found = isId('integration', integrationId) ? await find(applicationId, integrationId) : undefined;
    if (found === undefined) throw notFound();
    return found;
  };

/** Replaces the content of an integration. Its key stays valid. */
export const createIntegrationReplacer = (deps: ChangeIntegrationDeps) => {
  const find = createIntegrationFinder(deps.integrations);
  return ({ input, now, ...name }: ChangeRequest & { readonly input: IntegrationIn }): Promise<Integration> =>
    updateWithRetry(deps, {
      read: () => find(name),
      change: (current) => ({ ...current, ...contentOf(input), updatedAt: now }),
      write: deps.integrations.update,
    });
};

/**
 * Makes a new key for an integration. The earlier one is not valid any more. The same request makes one key, however often it
 * is taken up again.
 *
 * @throws DomainError `conflict` if another request has made a newer key since this one began
 */
export const createKeyRotator = (deps: ChangeIntegrationDeps) => {
  const find = createIntegrationFinder(deps.integrations);
  return async ({ origin, now, ...name }: ChangeRequest & { readonly origin: RequestOrigin }): Promise<string> => {
    const keyId = idFrom(origin, 'token');
    const rotation = { keyId, requestedAt: origin.at, isResumed: origin.isResumed };
    const { organisationId, applicationId, integrationId } = await updateWithRetry(deps, {
      read: () => find(name),
      change: (current) => {
        switch (decideOnRotation(current, rotation)) {
          case 'rotate':
            return withKey(current, keyId, now);
          case 'done':
            return current;
          case 'overtaken':
            throw conflict(
              'Another request has made a newer key since this one began: to replace that, use a new idempotency key',
            );
        }
      },
      write: deps.integrations.update,
    });
    return deps.signToken({ organisationId, applicationId, integrationId, tokenId: keyId, issuedAt: origin.at });
  };
};
