import { applicationOperations } from '@posthorn/contracts/api/application';
import type { ApplicationRepository } from '@posthorn/core';
import { json, noContent } from '../http/answer.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import { toListAnswer } from '../paging/list-answer.ts';
import type { RandomBytes } from '../storing/random-bytes.ts';
import { toApplicationOut } from './application-out.ts';
import { createApplicationPatcher, createApplicationReplacer } from './change-application.ts';
import { createApplicationCreator, uidTaken } from './create-application.ts';
import { createApplicationDeleter, type DeleteApplicationDeps } from './delete-application.ts';
import { createApplicationFinder } from './find-application.ts';
import { createApplicationLister, type ListApplicationsDeps } from './list-applications.ts';

export interface ApplicationsApiDeps extends ApiDeps {
  readonly applications: Pick<ApplicationRepository, 'insert' | 'find' | 'list' | 'update'>;
  readonly endpoints: DeleteApplicationDeps['endpoints'] & ListApplicationsDeps['endpoints'];
  readonly beginRemoval: DeleteApplicationDeps['beginRemoval'];
  readonly randomBytes: RandomBytes;
}

export function createApplicationsApi(deps: ApplicationsApiDeps) {
  const find = createApplicationFinder(deps.applications);
  const create = createApplicationCreator(deps);
  const replace = createApplicationReplacer(deps);
  const patch = createApplicationPatcher(deps);
  const remove = createApplicationDeleter(deps);
  const list = createApplicationLister(deps);

  return createApi(deps, applicationOperations, {
    'v1.application.list': async ({ caller, query }) => {
      const { direction, ...page } = await list(caller.organisationId, query);
      return json(200, toListAnswer({ direction, page, idOf: (it) => it.applicationId, toRow: toApplicationOut }));
    },
    'v1.application.create': async ({ caller: { organisationId } }) => ({
      ids: [],
      exists: async (id) => (await deps.applications.find(organisationId, id)) !== undefined,
      operate: async ({ query, body: input, origin }) => {
        const { get_if_exists: getIfExists = false } = query;
        const answer = await create({ organisationId, input, getIfExists, origin });
        if (answer === 'uid_taken') throw uidTaken();
        return json(answer.created ? 201 : 200, toApplicationOut(answer.application));
      },
    }),
    'v1.application.get': async ({ caller, path }) => json(200, toApplicationOut(await find(caller, path.app_id))),
    'v1.application.update': async ({ caller, path, body: input, now }) => {
      const { kind, thing } = await replace({ caller, idOrUid: path.app_id, input, now });
      return json(kind === 'created' ? 201 : 200, toApplicationOut(thing));
    },
    'v1.application.patch': async ({ caller, path, body, now }) =>
      json(200, toApplicationOut(await patch({ caller, idOrUid: path.app_id, patch: body, now }))),
    'v1.application.delete': async ({ caller, path, now }) => {
      await remove(await find(caller, path.app_id), now);
      return noContent();
    },
  });
}
