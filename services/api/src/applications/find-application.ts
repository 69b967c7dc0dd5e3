import type { Application, ApplicationRepository } from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';
import { notFound } from '../http/refusals.ts';

/** The application that a path names, by id or uid, as far as the caller may see it. */
export type FindApplication = (caller: Caller, idOrUid: string) => Promise<Application>;

/** An application's token sees that application only: any other one is as if it was not there. */
export const createApplicationFinder =
  ({ find }: Pick<ApplicationRepository, 'find'>): FindApplication =>
  async (caller, idOrUid) => {
    const application = await find(caller.organisationId, idOrUid);
    if (application === undefined || !maySee(caller, application)) throw notFound();
    return application;
  };

const maySee = (caller: Caller, { applicationId }: Application): boolean =>
  caller.kind === 'organisation' || caller.applicationId === applicationId;
