import type { ApplicationIn, ApplicationPatch } from '@posthorn/contracts/api/application';
import type { Application, ApplicationRepository } from '@posthorn/core';
import type { Caller } from '../authentication/caller.ts';
import { createFindApplication } from '../authentication/find-application.ts';
import { retryStale } from '../storing/retry-stale.ts';
import { type CreateApplicationDeps, createCreateApplication } from './create-application.ts';
import { applicationContent } from './new-application.ts';

export interface ChangeApplicationDeps extends CreateApplicationDeps {
  readonly applications: Pick<ApplicationRepository, 'insert' | 'find' | 'update'>;
}

interface Named {
  readonly caller: Caller;
  readonly idOrUid: string;
  readonly now: Date;
}

/** Changes parts of an application: what is absent is kept, null clears. */
export const createPatchApplication = ({ applications }: Pick<ChangeApplicationDeps, 'applications'>) => {
  const find = createFindApplication(applications);
  return ({ caller, idOrUid, now, patch }: Named & { patch: ApplicationPatch }): Promise<Application> =>
    retryStale(async () => {
      const previous = await find(caller, idOrUid);
      const result = patched(previous, patch, now);
      return { result, written: await applications.update(result, previous) };
    });
};

/** Replaces an application; one that is not there is created, under an id of its own and the uid of the body. */
export const createReplaceApplication = (deps: ChangeApplicationDeps) => {
  const create = createCreateApplication(deps);
  return async (request: Named & { input: ApplicationIn }): Promise<{ application: Application; created: boolean }> => {
    const { caller, idOrUid, input, now } = request;
    const { organisationId } = caller;
    if ((await deps.applications.find(organisationId, idOrUid)) === undefined) {
      return create({ organisationId, input, now, getIfExists: false });
    }
    const find = createFindApplication(deps.applications);
    const application = await retryStale(async () => {
      const previous = await find(caller, idOrUid);
      const result = replaced(previous, input, now);
      return { result, written: await deps.applications.update(result, previous) };
    });
    return { application, created: false };
  };
};

const replaced = (previous: Application, input: ApplicationIn, now: Date): Application => {
  const { uid: _, throttleRate: __, ...rest } = previous;
  return { ...rest, ...applicationContent(input), updatedAt: now };
};

function patched(previous: Application, patch: ApplicationPatch, now: Date): Application {
  const throttleRate = patch.throttleRate === undefined ? patch.rateLimit : patch.throttleRate;
  const input = {
    name: patch.name ?? previous.name,
    uid: patch.uid === undefined ? previous.uid : patch.uid,
    throttleRate: throttleRate === undefined ? previous.throttleRate : throttleRate,
    metadata: patch.metadata ?? { ...previous.metadata },
  };
  return replaced(previous, input, now);
}
