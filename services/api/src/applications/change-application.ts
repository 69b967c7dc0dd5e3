import type { ApplicationIn, ApplicationPatch } from '@posthorn/contracts/api/application';
import type { Application, ApplicationContent, ApplicationRepository } from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';
import { freshOrigin } from '../idempotency/request-origin.ts';
import { replaceOrCreate } from '../storing/replace-or-create.ts';
import { type UpdateWithRetryDeps, updateWithRetry } from '../storing/update-with-retry.ts';
import { applicationContent, readThrottleRate } from './application-content.ts';
import { type CreateApplicationDeps, createApplicationCreator } from './create-application.ts';
import { createApplicationFinder } from './find-application.ts';

export interface ChangeApplicationDeps extends CreateApplicationDeps, UpdateWithRetryDeps {
  readonly applications: Pick<ApplicationRepository, 'insert' | 'find' | 'update'>;
}

interface ChangeRequest {
  readonly caller: Caller;
  readonly idOrUid: string;
  readonly now: Date;
}

/** Changes the given fields of an application: an absent field is kept, null clears it. */
export const createApplicationPatcher = (deps: ChangeApplicationDeps) => {
  const find = createApplicationFinder(deps.applications);
  return ({ caller, idOrUid, now, patch }: ChangeRequest & { patch: ApplicationPatch }): Promise<Application> =>
    updateWithRetry(deps, {
      read: () => find(caller, idOrUid),
      write: deps.applications.update,
      change: (previous, first) => replaced(previous, patched(previous, patch, first), now),
    });
};

/** Replaces an application. If it does not exist, it is created with a new id and the uid of the body. */
export const createApplicationReplacer = (deps: ChangeApplicationDeps) => {
  const create = createApplicationCreator(deps);
  const find = createApplicationFinder(deps.applications);
  return ({ caller, idOrUid, input, now }: ChangeRequest & { input: ApplicationIn }) => {
    const { organisationId } = caller;
    const origin = freshOrigin(now, deps.randomBytes);
    return replaceOrCreate<Application>({
      exists: async () => (await deps.applications.find(organisationId, idOrUid)) !== undefined,
      replace: () =>
        updateWithRetry(deps, {
          read: () => find(caller, idOrUid),
          write: deps.applications.update,
          change: (previous, first) => replaced(previous, applicationContent(input, { stored: first }), now),
        }),
      create: async () => {
        const created = await create({ organisationId, input, getIfExists: false, origin });
        return created === 'uid_taken' ? created : created.application;
      },
      isNamedByUid: input.uid === idOrUid,
    });
  };
};

function replaced(previous: Application, content: ApplicationContent, now: Date): Application {
  const { uid: _, throttleRate: __, ...rest } = previous;
  return { ...rest, ...content, updatedAt: now };
}

function patched(previous: Application, patch: ApplicationPatch, first: Application): ApplicationContent {
  const throttleRate = readThrottleRate(patch, { stored: first });
  return applicationContent({
    name: patch.name ?? previous.name,
    uid: patch.uid === undefined ? previous.uid : patch.uid,
    throttleRate: throttleRate === undefined ? previous.throttleRate : throttleRate,
    metadata: patch.metadata ?? { ...previous.metadata },
  });
}
