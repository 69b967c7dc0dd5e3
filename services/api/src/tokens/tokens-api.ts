import { authenticationOperations } from '@posthorn/contracts/api/authentication';
import { integrationOperations } from '@posthorn/contracts/api/integration';
import { DomainError, isId, type TokenRepository } from '@posthorn/core';
import type { FindTargetDeps } from '@posthorn/intake';
import { createApplicationFinder } from '../applications/find-application.ts';
import { createCallerFinder } from '../authentication/authentication.ts';
import { json, noContent } from '../http/answer.ts';
import { notFound } from '../http/refusals.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import type { Operates } from '../operations/operate.ts';
import { toListAnswer } from '../paging/list-answer.ts';
import { readPageRequest } from '../paging/page-request.ts';
import { createMessageTargetFinder } from '../post-message/find-message-target.ts';
import {
  type ChangeIntegrationDeps,
  createIntegrationCreator,
  createIntegrationFinder,
  createIntegrationReplacer,
  createKeyRotator,
} from './change-integration.ts';
import { createTokenExpirer } from './expire-tokens.ts';
import { createPortalAccessGranter, type GrantPortalAccessDeps } from './grant-portal-access.ts';
import { toIntegrationOut } from './integration-out.ts';
import { createTokenLister } from './list-tokens.ts';

export interface TokensApiDeps extends ApiDeps, FindTargetDeps, GrantPortalAccessDeps, ChangeIntegrationDeps {
  readonly tokens: Pick<
    TokenRepository,
    'insertIssued' | 'findIssued' | 'listIssued' | 'findEnds' | 'logOut' | 'findMarks' | 'updateMarks'
  >;
}

export const createTokensApi = (deps: TokensApiDeps) =>
  createApi(
    deps,
    { ...authenticationOperations, ...integrationOperations },
    { ...tokensOfApplications(deps), ...integrationsOfApplication(deps) },
  );

function tokensOfApplications(deps: TokensApiDeps): Operates<typeof authenticationOperations> {
  const findApplication = createApplicationFinder({ find: deps.findAccepting });
  const findTarget = createMessageTargetFinder(deps);
  const grantAccess = createPortalAccessGranter(deps);
  const expire = createTokenExpirer(deps);
  const listTokens = createTokenLister(deps.tokens);
  const findCaller = createCallerFinder(deps);
  return {
    'v1.authentication.app-portal-access': async ({
      caller: { organisationId },
      path: { app_id: idOrUid },
      readBody,
    }) => {
      const { application } = readBody();
      // The id of an application that the request creates is part of its identity too: a repetition finds it.
      const target = await findTarget({ organisationId, idOrUid, application: application ?? undefined });
      const { applicationId } = target.application;
      return {
        ids: [applicationId],
        exists: (token) => isAccepted(findCaller(token)),
        operate: async ({ body: input, baseUrl, origin }) =>
          json(200, await grantAccess({ organisationId, applicationId, input, baseUrl, origin })),
      };
    },
    'v1.authentication.logout': async ({ caller }) => ({
      ids: [caller.token.tokenId],
      operate: async () => {
        // The contract lets only tokens of applications do this.
        if (caller.kind === 'application') await deps.tokens.logOut(caller.applicationId, caller.token);
        return noContent();
      },
    }),
    'v1.authentication.list-tokens': async ({ caller, path, query, now }) => {
      const { order = 'descending' } = query;
      const request = readPageRequest(query, (text) => isId('token', text));
      const { applicationId } = await findApplication(caller, path.app_id);
      const page = await listTokens(applicationId, { ...request, order }, now);
      return json(200, toListAnswer({ direction: request.direction, page, idOf: ({ id }) => id, toRow: (row) => row }));
    },
    'v1.authentication.revoke-token': async ({ caller, path }) => {
      const { applicationId } = await findApplication(caller, path.app_id);
      const token = await deps.tokens.findIssued(applicationId, path.token_id);
      if (token === undefined) throw notFound();
      await deps.tokens.logOut(applicationId, token);
      return noContent();
    },
    'v1.authentication.expire-all': async ({ caller, path }) => {
      const { applicationId } = await findApplication(caller, path.app_id);
      return {
        ids: [applicationId],
        operate: async ({ body: input, origin, now }) => {
          await expire({ applicationId, input, origin, now });
          return noContent();
        },
      };
    },
  };
}

async function isAccepted(caller: Promise<unknown>): Promise<boolean> {
  try {
    await caller;
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

function integrationsOfApplication(deps: TokensApiDeps): Operates<typeof integrationOperations> {
  const { integrations } = deps;
  const findApplication = createApplicationFinder({ find: deps.findAccepting });
  const find = createIntegrationFinder(integrations);
  const create = createIntegrationCreator(deps);
  const replace = createIntegrationReplacer(deps);
  const rotateKey = createKeyRotator(deps);
  return {
    'v1.integration.list': async ({ caller, path, query }) => {
      const { order = 'ascending' } = query;
      const request = readPageRequest(query, (text) => isId('integration', text));
      const { applicationId } = await findApplication(caller, path.app_id);
      const page = await integrations.list(applicationId, { ...request, order });
      const { direction } = request;
      return json(200, toListAnswer({ direction, page, idOf: (it) => it.integrationId, toRow: toIntegrationOut }));
    },
    'v1.integration.create': async ({ caller, path }) => {
      const application = await findApplication(caller, path.app_id);
      const { applicationId } = application;
      return {
        ids: [applicationId],
        exists: async (id) => (await integrations.find(applicationId, id)) !== undefined,
        operate: async ({ body: input, origin }) =>
          json(201, toIntegrationOut(await create({ application, input, origin }))),
      };
    },
    'v1.integration.get': async ({ caller, path }) => {
      const { applicationId } = await findApplication(caller, path.app_id);
      return json(200, toIntegrationOut(await find({ applicationId, integrationId: path.integ_id })));
    },
    'v1.integration.update': async ({ caller, path, body: input, now }) => {
      const { applicationId } = await findApplication(caller, path.app_id);
      const changed = await replace({ applicationId, integrationId: path.integ_id, input, now });
      return json(200, toIntegrationOut(changed));
    },
    'v1.integration.delete': async ({ caller, path }) => {
      const { applicationId } = await findApplication(caller, path.app_id);
      const { integrationId } = await find({ applicationId, integrationId: path.integ_id });
      await integrations.delete(applicationId, integrationId);
      return noContent();
    },
    'v1.integration.rotate-key': async ({ caller, path }) => {
      const { applicationId } = await findApplication(caller, path.app_id);
      const { integrationId } = await find({ applicationId, integrationId: path.integ_id });
      return {
        ids: [applicationId, integrationId],
        operate: async ({ now, origin }) =>
          json(200, { key: await rotateKey({ applicationId, integrationId, now, origin }) }),
      };
    },
  };
}
