import type { ApplicationIn } from '@posthorn/contracts/api/application';
import type { Application, ApplicationContent } from '@posthorn/core';
import { resolveAlias } from '@posthorn/core/alias/resolve-alias';

interface ContentContext {
  /** The application before the request, if there is one: it decides between two names of one field. */
  readonly stored?: Pick<Application, 'throttleRate'>;
  /** The place of the application in the request. */
  readonly loc?: readonly string[];
}

/** The content that a request gives an application; what is absent is cleared. */
export function applicationContent(
  input: ApplicationIn,
  { stored = {}, loc = ['body'] }: ContentContext = {},
): ApplicationContent {
  const throttleRate = readThrottleRate(input, { stored, loc });
  return {
    name: input.name,
    ...(input.uid == null ? {} : { uid: input.uid }),
    ...(throttleRate == null ? {} : { throttleRate }),
    metadata: input.metadata ?? {},
  };
}

/** The rate that a request gives under either of its names. Null clears it, undefined leaves it as it is. */
export const readThrottleRate = (
  input: Pick<ApplicationIn, 'throttleRate' | 'rateLimit'>,
  { stored, loc = ['body'] }: ContentContext & Required<Pick<ContentContext, 'stored'>>,
): number | null | undefined =>
  resolveAlias<'throttleRate' | 'rateLimit', number>(input, {
    names: ['throttleRate', 'rateLimit'],
    stored: stored.throttleRate,
    loc,
  });
