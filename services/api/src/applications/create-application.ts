import type { ApplicationIn } from '@posthorn/contracts/api/application';
import { type Application, type ApplicationRepository, idEntropyBytes, newApplication } from '@posthorn/core';
import { conflict } from '../http/refusals.ts';
import type { RandomBytes } from '../storing/random-bytes.ts';
import { applicationContent } from './application-content.ts';

export interface CreateApplicationDeps {
  readonly applications: Pick<ApplicationRepository, 'insert' | 'find'>;
  readonly randomBytes: RandomBytes;
}

interface CreateApplicationRequest {
  readonly organisationId: string;
  readonly input: ApplicationIn;
  /** Whether to return the existing application with this uid instead of refusing the request. */
  readonly getIfExists: boolean;
  readonly now: Date;
}

/** Creates an application. Its uid, if it has one, must be free within the organisation. */
export const createApplicationCreator =
  ({ applications, randomBytes }: CreateApplicationDeps) =>
  async (request: CreateApplicationRequest): Promise<{ application: Application; created: boolean }> => {
    const { organisationId, input, getIfExists } = request;
    const application = newApplication({
      organisationId,
      content: applicationContent(input),
      now: request.now,
      entropy: randomBytes(idEntropyBytes),
    });
    if ((await applications.insert(application)) === 'inserted') return { application, created: true };
    const existing = getIfExists && input.uid ? await applications.find(organisationId, input.uid) : undefined;
    if (!existing) throw conflict('An application with that id or uid already exists');
    return { application: existing, created: false };
  };
