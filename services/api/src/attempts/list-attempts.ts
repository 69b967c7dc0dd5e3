import type { AttemptListQuery, AttemptOut } from '@posthorn/contracts/api/attempt';
import type { ListAnswer } from '@posthorn/contracts/api/paging';
import type {
  Application,
  Attempt,
  AttemptRepository,
  Endpoint,
  EndpointRepository,
  Page,
  PageRequest,
} from '@posthorn/core';
import { type FindMessageDeps, resolveMessageId, wasAttempted } from '@posthorn/intake';
import { notFound } from '../http/refusals.ts';
import { requireName } from '../http/require-name.ts';
import { emptyList, toListAnswer } from '../paging/list-answer.ts';
import { toAttemptOut } from './attempt-out.ts';
import { readAttemptQuery } from './read-attempt-query.ts';

export interface ListAttemptsDeps extends FindMessageDeps {
  readonly attempts: Pick<AttemptRepository, 'listByEndpoint' | 'listByMessage'>;
  readonly endpoints: Pick<EndpointRepository, 'find'>;
}

interface ListRequest {
  readonly query: AttemptListQuery;
  readonly now: Date;
}

/** Lists the attempts of an endpoint, newest first. */
export const createListerByEndpoint =
  ({ attempts }: Pick<ListAttemptsDeps, 'attempts'>) =>
  async ({ endpointId }: Endpoint, { query, now }: ListRequest): Promise<ListAnswer<AttemptOut>> => {
    const request = readAttemptQuery(query);
    if (!request) return emptyList;
    return toAnswer(await attempts.listByEndpoint(endpointId, request, now), query, request.direction);
  };

/** Lists the attempts of a message, newest first; only those of one endpoint if the query names it. */
export const createListerByMessage =
  (deps: ListAttemptsDeps) =>
  async (
    { applicationId }: Application,
    idOrEventId: string,
    { query, now }: ListRequest,
  ): Promise<ListAnswer<AttemptOut>> => {
    const messageId = await resolveMessageId(deps, { applicationId, idOrEventId }, now);
    if (messageId === undefined) throw notFound();
    const ofEndpoint = await endpointFilter(deps, applicationId, query.endpoint_id);
    const request = readAttemptQuery(query);
    if (!(await mayHaveAttempts(deps, { applicationId, messageId }, now))) throw notFound();
    if (!request) return emptyList;
    const page = await deps.attempts.listByMessage(messageId, { ...request, ...ofEndpoint, applicationId }, now);
    return toAnswer(page, query, request.direction);
  };

async function endpointFilter(
  { endpoints }: Pick<ListAttemptsDeps, 'endpoints'>,
  applicationId: string,
  idOrUid: string | undefined,
): Promise<{ endpointId?: string }> {
  if (idOrUid === undefined) return {};
  const endpoint = await endpoints.find(applicationId, requireName(idOrUid));
  if (!endpoint) throw notFound();
  return { endpointId: endpoint.endpointId };
}

/** Attempts can be kept longer than their message. Then they show which application it belonged to. */
async function mayHaveAttempts(
  { messages, attempts }: Pick<ListAttemptsDeps, 'messages' | 'attempts'>,
  { applicationId, messageId }: { applicationId: string; messageId: string },
  now: Date,
): Promise<boolean> {
  if (await messages.findListed(applicationId, messageId, now)) return true;
  return wasAttempted(attempts, { applicationId, messageId }, now);
}

const toAnswer = (
  page: Page<Attempt>,
  query: AttemptListQuery,
  direction: PageRequest['direction'],
): ListAnswer<AttemptOut> =>
  toListAnswer({
    query,
    direction,
    page,
    idOf: ({ attemptId }) => attemptId,
    toRow: (attempt) => toAttemptOut(attempt, query.with_content ?? true),
  });
