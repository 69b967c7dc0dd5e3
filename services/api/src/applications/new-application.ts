import type { ApplicationIn } from '@posthorn/contracts/api/application';
import { type Application, createId } from '@posthorn/core';

interface NewApplication {
  readonly organisationId: string;
  readonly input: ApplicationIn;
  readonly now: Date;
  readonly entropy: Uint8Array;
}

/** An application that did not exist before. */
export const newApplication = ({ organisationId, input, now, entropy }: NewApplication): Application => ({
  organisationId,
  applicationId: createId('application', now, entropy),
  ...applicationContent(input),
  revision: 1,
  createdAt: now,
  updatedAt: now,
});

/** All that a caller decides of an application; what is absent is cleared. */
export function applicationContent(
  input: ApplicationIn,
): Pick<Application, 'uid' | 'name' | 'throttleRate' | 'metadata'> {
  const throttleRate = input.throttleRate ?? input.rateLimit;
  return {
    name: input.name,
    ...(input.uid == null ? {} : { uid: input.uid }),
    ...(throttleRate == null ? {} : { throttleRate }),
    metadata: input.metadata ?? {},
  };
}
