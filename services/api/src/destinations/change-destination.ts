import type { DestinationIn, DestinationPatch } from '@posthorn/contracts/api/destination';
import type { Endpoint, EndpointRepository, EventTypeRepository } from '@posthorn/core';
import { defaultGraceSeconds } from '@posthorn/core/signing/rotate-secret';
import type { Caller } from '@posthorn/secrets/tokens';
import { rotatedSecrets } from '../endpoints/change-secret.ts';
import { checkEventTypes } from '../endpoints/check-event-types.ts';
import { withContent } from '../endpoints/endpoint-content.ts';
import type { UrlRules } from '../endpoints/endpoint-url.ts';
import { readSecret } from '../endpoints/given-secret.ts';
import type { EndpointContent } from '../endpoints/new-endpoint.ts';
import { type Seal, sealContextOf, sealHeaders } from '../endpoints/sealed-headers.ts';
import { type UpdateWithRetryDeps, updateWithRetry } from '../storing/update-with-retry.ts';
import { destinationContent, patchedDestination } from './read-destination.ts';

export interface ChangeDestinationDeps extends UpdateWithRetryDeps, UrlRules {
  readonly endpoints: Pick<EndpointRepository, 'update'>;
  readonly eventTypes: Pick<EventTypeRepository, 'findAll'>;
  readonly seal: Seal;
}

interface Change {
  readonly caller: Caller;
  /** Reads the current destination. */
  readonly read: () => Promise<Endpoint>;
  readonly now: Date;
}

/** Changes the given fields of a destination. */
export const createDestinationPatcher =
  (deps: ChangeDestinationDeps) =>
  ({ caller, read, patch, now }: Change & { readonly patch: DestinationPatch }): Promise<Endpoint> =>
    updateWithRetry(deps, {
      read,
      write: deps.endpoints.update,
      change: (previous) =>
        changeContent(deps, previous, { content: patchedDestination(previous, patch, deps), caller, now }),
    });

/**
 * Replaces a destination, with its headers. Its secret stays unless the request gives another one: then the present one
 * goes on signing for a day, as after a rotation.
 */
export const createDestinationReplacer =
  (deps: ChangeDestinationDeps) =>
  ({ caller, read, input, now }: Change & { readonly input: DestinationIn }): Promise<Endpoint> => {
    const { headers, key: text } = input.config;
    const key = text == null ? undefined : readSecret(text, ['body', 'config', 'key']);
    return updateWithRetry(deps, {
      read,
      write: deps.endpoints.update,
      change: async (previous) => {
        const content = destinationContent(input, deps, previous);
        const { sealedHeaders: _, ...changed } = await changeContent(deps, previous, { content, caller, now });
        const given = { headers, loc: ['body', 'config', 'headers'] };
        return {
          ...changed,
          ...(await sealHeaders(deps.seal, given, sealContextOf(previous))),
          ...(key !== undefined && {
            secrets: await rotatedSecrets(deps.seal, previous, {
              toKey: () => key,
              graceSeconds: defaultGraceSeconds,
              now,
            }),
          }),
        };
      },
    });
  };

/** Added event types must exist for the caller. Those that it already had may be archived. */
async function changeContent(
  { eventTypes }: Pick<ChangeDestinationDeps, 'eventTypes'>,
  previous: Endpoint,
  { content, caller, now }: Pick<Change, 'caller' | 'now'> & { readonly content: EndpointContent },
): Promise<Endpoint> {
  const added = content.eventTypes?.filter((name) => !previous.eventTypes?.includes(name));
  await checkEventTypes(eventTypes, caller, added);
  return withContent(previous, content, now);
}
