import type { ApplicationIn } from '@posthorn/contracts/api/application';
import { type Application, type ApplicationRepository, type DomainError, newApplication } from '@posthorn/core';
import { conflict, notFound } from '../http/refusals.ts';
import type { RequestOrigin } from '../idempotency/request-origin.ts';
import { applicationContent } from './application-content.ts';

export interface CreateApplicationDeps {
  readonly applications: Pick<ApplicationRepository, 'insert' | 'find'>;
}

interface CreateApplicationRequest {
  readonly organisationId: string;
  readonly input: ApplicationIn;
  /** Whether to return the existing application with this uid instead of refusing the request. */
  readonly getIfExists: boolean;
  readonly origin: RequestOrigin;
}

/**
 * Creates an application. Its uid, if it has one, must be free within the organisation. The same request creates it once,
 * however often it is taken up again.
 *
 * @throws DomainError `not_found` if it was created and deleted meanwhile
 */
export const createApplicationCreator =
  ({ applications }: CreateApplicationDeps) =>
  async ({
    organisationId,
    input,
    getIfExists,
    origin,
  }: CreateApplicationRequest): Promise<{ application: Application; created: boolean } | 'uid_taken'> => {
    const application = newApplication({
      organisationId,
      content: applicationContent(input),
      now: origin.at,
      entropy: origin.entropyFor('application'),
    });
    const inserted = await applications.insert(application);
    if (inserted === 'inserted') return { application, created: true };
    if (inserted === 'exists') {
      const stored = await applications.find(organisationId, application.applicationId);
      if (!stored) throw notFound();
      return { application: stored, created: true };
    }
    const holder = getIfExists && input.uid ? await applications.find(organisationId, input.uid) : undefined;
    return holder ? { application: holder, created: false } : 'uid_taken';
  };

/** The refusal of an application with the uid of another one. */
export const uidTaken = (): DomainError => conflict('An application with that id or uid already exists');
