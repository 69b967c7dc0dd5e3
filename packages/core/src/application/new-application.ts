import { createId } from '../identifier/identifier.ts';
import type { Application, ApplicationContent } from './application.ts';

interface NewApplication {
  readonly organisationId: string;
  readonly content: ApplicationContent;
  readonly now: Date;
  /** `idEntropyBytes` random bytes. */
  readonly entropy: Uint8Array;
}

/** An application that did not exist before. */
export const newApplication = ({ organisationId, content, now, entropy }: NewApplication): Application => ({
  organisationId,
  applicationId: createId('application', now, entropy),
  ...content,
  revision: 1,
  createdAt: now,
  updatedAt: now,
});
