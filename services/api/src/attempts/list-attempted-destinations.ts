import type { AttemptedDestinationListQuery, MessageEndpointOut } from '@posthorn/contracts/api/attempt';
import type { ListAnswer } from '@posthorn/contracts/api/paging';
import {
  type Application,
  type Attempt,
  type AttemptRepository,
  attemptIdOf,
  type Endpoint,
  type EndpointRepository,
  firstAttemptIdOf,
  firstDeliveryOf,
  isId,
  joinPages,
  type ListedMessage,
  type MessageRepository,
  type Page,
  type PageRequest,
  selectPage,
  timeOfId,
} from '@posthorn/core';
import { type FindMessageDeps, resolveMessageId } from '@posthorn/intake';
import { notFound } from '../http/refusals.ts';
import { toListAnswer } from '../paging/list-answer.ts';
import { readPageRequest } from '../paging/page-request.ts';
import { type AttemptedDestination, isShown, toMessageEndpointOut } from './attempted-destination.ts';
import { attemptsSince } from './attempts-since.ts';
import { requireKnownMessage } from './known-message.ts';
import { type PossibleDelivery, type ReadStandingsDeps, readStandings } from './read-standings.ts';

export interface AttemptedDestinationsDeps extends ReadStandingsDeps, Pick<FindMessageDeps, 'claims'> {
  readonly messages: Pick<MessageRepository, 'findAll' | 'findListed'>;
  readonly endpoints: Pick<EndpointRepository, 'listAll' | 'listDeleted'>;
  readonly attempts: Pick<AttemptRepository, 'findAll' | 'listByMessage'>;
}

/** A page ends early after this many endpoints were looked at. */
const maxEndpointsRead = 2_000;
/** More attempts of one message are not looked at, but for first ones that succeeded: 5,000. */
const maxAttemptPages = 20;
const attemptsPerPage = 250;
/** The clocks of the functions differ by less than this. */
const clockSkewMs = 24 * 3_600_000;

/** An endpoint that a message may have been sent to. It has only its id if it was deleted. */
interface Candidate {
  readonly endpointId: string;
  readonly endpoint?: Endpoint;
}

/**
 * Lists the endpoints that a message was sent to or waits for, by id, and where the message stands at each of them. Of a
 * deleted endpoint, only what its attempts say is known.
 *
 * @throws DomainError `not_found` if the application has no such message
 */
export const createAttemptedDestinationsLister =
  (deps: AttemptedDestinationsDeps) =>
  async (
    { applicationId }: Pick<Application, 'applicationId'>,
    idOrEventId: string,
    { query, now }: { readonly query: AttemptedDestinationListQuery; readonly now: Date },
  ): Promise<ListAnswer<MessageEndpointOut>> => {
    const messageId = await resolveMessageId(deps, { applicationId, idOrEventId }, now);
    if (messageId === undefined) throw notFound();
    const request = readPageRequest(query, (text) => isId('endpoint', text));
    const ids = { applicationId, messageId };
    const message = await requireKnownMessage(deps, ids, now);
    const others = Map.groupBy(await listOthers(deps, ids, now), ({ endpointId }) => endpointId);
    const page = await selectPage<Candidate, AttemptedDestination>(request, {
      list: createCandidateLister(deps, ids, now),
      keyOf: ({ endpointId }) => endpointId,
      select: async (candidates) => {
        const possible = candidates.map((candidate) => toPossible(candidate, messageId, message));
        const read = { listOthers: async ({ endpointId }: PossibleDelivery) => others.get(endpointId) ?? [], now };
        const standings = await readStandings(deps, possible, read);
        return candidates.map((candidate, index) => {
          const standing = standings[index];
          const attempt = others.get(candidate.endpointId)?.[0] ?? standing?.attempt;
          const found = standing && { ...candidate, standing, ...(attempt && { attempt }) };
          return found && isShown(found) ? found : undefined;
        });
      },
      maxRows: maxEndpointsRead,
    });
    const { direction } = request;
    return toListAnswer({ direction, page, idOf: ({ endpointId }) => endpointId, toRow: toMessageEndpointOut });
  };

const toPossible = (
  { endpointId, endpoint }: Candidate,
  messageId: string,
  message: ListedMessage | undefined,
): PossibleDelivery => ({
  messageId,
  endpointId,
  firstAttemptId: message
    ? attemptIdOf(firstDeliveryOf(message, endpointId))
    : firstAttemptIdOf({ messageId, endpointId }),
  isInGroup: endpoint?.order !== undefined,
});

/**
 * Lists, in parts of one page, the endpoints of the application, of both modes, and those that were deleted since the
 * message was accepted.
 */
function createCandidateLister(
  { endpoints }: Pick<AttemptedDestinationsDeps, 'endpoints'>,
  { applicationId, messageId }: { readonly applicationId: string; readonly messageId: string },
  now: Date,
): (page: PageRequest) => Promise<Page<Candidate>> {
  const deleted = new Set<string>();
  const accepted = timeOfId(messageId);
  let since = beforeSkew(accepted);
  return async (page) => {
    const { items: present, ...end } = await endpoints.listAll(applicationId, page);
    // Afterwards, so that an endpoint that is deleted in between is in one of the two lists.
    for (const endpointId of await endpoints.listDeleted(applicationId, since)) deleted.add(endpointId);
    // The next part needs only those that were deleted after this one.
    since = beforeSkew(now > accepted ? now : accepted);
    const pages: readonly Page<Candidate>[] = [
      { ...end, items: present.map((endpoint) => ({ endpointId: endpoint.endpointId, endpoint })) },
      { items: [...deleted].filter(isAhead(page)).map((endpointId) => ({ endpointId })), done: true },
    ];
    return joinPages(pages, ({ endpointId }) => endpointId, { ...page, order: 'ascending' });
  };
}

const beforeSkew = (time: Date): Date => new Date(time.getTime() - clockSkewMs);

const isAhead =
  ({ iterator, direction }: PageRequest) =>
  (endpointId: string): boolean =>
    iterator === undefined || (direction === 'forward' ? endpointId > iterator : endpointId < iterator);

/** The attempts of a message at all endpoints, newest first, without first ones that succeeded. */
async function listOthers(
  { attempts }: Pick<AttemptedDestinationsDeps, 'attempts'>,
  { applicationId, messageId }: { readonly applicationId: string; readonly messageId: string },
  now: Date,
): Promise<readonly Attempt[]> {
  const which = { applicationId, withoutFirstSuccesses: true, withResponse: false, ...attemptsSince(messageId, now) };
  const query = { ...which, limit: attemptsPerPage, direction: 'forward' } as const;
  const found: Attempt[] = [];
  let iterator: string | undefined;
  for (let pages = 0; pages < maxAttemptPages; pages += 1) {
    const page = await attempts.listByMessage(messageId, { ...query, ...(iterator && { iterator }) }, now);
    found.push(...page.items);
    iterator = page.resumeAt ?? page.items.at(-1)?.attemptId;
    if (page.done || iterator === undefined) break;
  }
  return found;
}
