import type { Application, ApplicationRepository } from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';
import { notFound } from '../http/refusals.ts';

/** Finds the application that a path names, by id or uid, if the caller may see it. */
export type FindApplication<Found extends OwnedApplication = Application> = (
  caller: Caller,
  idOrUid: string,
) => Promise<Found>;

/** What says who may see an application. */
type OwnedApplication = Pick<Application, 'organisationId' | 'applicationId'>;

/** With an application's token, only that application is found. */
export const createApplicationFinder =
  <Found extends OwnedApplication = Application>({
    find,
  }: {
    readonly find: (...name: Parameters<ApplicationRepository['find']>) => Promise<Found | undefined>;
  }): FindApplication<Found> =>
  async (caller, idOrUid) => {
    const application = await find(caller.organisationId, idOrUid);
    if (application === undefined || !maySee(caller, application)) throw notFound();
    return application;
  };

const maySee = (caller: Caller, { applicationId }: OwnedApplication): boolean =>
  caller.kind === 'organisation' || caller.applicationId === applicationId;
