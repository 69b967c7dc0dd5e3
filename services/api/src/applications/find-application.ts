import type { Application, ApplicationRepository } from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';
import { notFound } from '../http/refusals.ts';

/** Finds the application that a path names, by id or uid, if the caller may see it. */
export type FindApplication = (caller: Caller, idOrUid: string) => Promise<Application>;

/** With an application's token, only that application is found. */
export const createApplicationFinder =
  ({ find }: Pick<ApplicationRepository, 'find'>): FindApplication =>
  async (caller, idOrUid) => {
    const application = await find(caller.organisationId, idOrUid);
    if (application === undefined || !maySee(caller, application)) throw notFound();
    return application;
  };

const maySee = (caller: Caller, { applicationId }: Application): boolean =>
  caller.kind === 'organisation' || caller.applicationId === applicationId;
