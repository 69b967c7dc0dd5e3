import { applicationIn } from '@posthorn/contracts/api/application';
import { type AcceptingApplication, type ApplicationRepository, idEntropyBytes } from '@posthorn/core';
import type { Clock } from '@posthorn/platform';
import { newApplication } from '../applications/new-application.ts';
import { notFound } from '../authentication/find-application.ts';
import { invalidField, readBody } from '../http/read-body.ts';
import type { RandomBytes } from '../storing/random-bytes.ts';
import type { PostMessageRequest } from './post-message.ts';

export interface CreateMissingDeps {
  readonly insertApplication: ApplicationRepository['insert'];
  readonly findAccepting: ApplicationRepository['findAccepting'];
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** Makes the application that a message brings along for the case that there is none yet. Its uid is the path's. */
export const createCreateMissing =
  ({ insertApplication, findAccepting, clock, randomBytes }: CreateMissingDeps) =>
  async ({ caller, applicationIdOrUid, message }: PostMessageRequest): Promise<AcceptingApplication> => {
    const input = readBody(applicationIn, message.application);
    const where = ['body', 'application', 'uid'];
    if (!input.uid) throw invalidField(where, 'must be given', 'application_uid_missing');
    if (input.uid !== applicationIdOrUid) {
      throw invalidField(where, "must be the path's", 'application_uid_mismatch');
    }
    const { organisationId } = caller;
    const now = clock();
    const loc = ['body', 'application'];
    const entropy = randomBytes(idEntropyBytes);
    const application = newApplication({ organisationId, input, now, entropy, loc });
    if ((await insertApplication(application)) === 'inserted') return application;
    const existing = await findAccepting(organisationId, applicationIdOrUid);
    if (existing === undefined) throw notFound('Application not found');
    return existing;
  };
