import type {
  AttemptListQuery,
  AttemptOut,
  EndpointAttemptListQuery,
  MessageAttemptListQuery,
} from '@posthorn/contracts/api/attempt';
import type { ListAnswer } from '@posthorn/contracts/api/paging';
import {
  type Application,
  type Attempt,
  type AttemptQuery,
  type AttemptRepository,
  type Endpoint,
  type EndpointRepository,
  type ListedMessage,
  type MessageRepository,
  type Page,
  type PageRequest,
  selectPage,
} from '@posthorn/core';
import { type FindMessageDeps, resolveMessageId } from '@posthorn/intake';
import { notFound } from '../http/refusals.ts';
import { requireName } from '../http/require-name.ts';
import { emptyList, toListAnswer } from '../paging/list-answer.ts';
import { toAttemptOut } from './attempt-out.ts';
import { requireKnownMessage } from './known-message.ts';
import { createWindowLister, type ListWindowDeps } from './list-window.ts';
import { readAttemptQuery } from './read-attempt-query.ts';

/** With a tag, a page ends early after this many attempts were looked at: each one's message is read, too. */
const maxTaggedRead = 1_000;

export interface ListAttemptsDeps extends Pick<FindMessageDeps, 'claims'> {
  readonly attempts: Pick<AttemptRepository, 'listByMessage'>;
  readonly endpoints: Pick<EndpointRepository, 'find'>;
  readonly messages: Pick<MessageRepository, 'findAll' | 'findListed'>;
}

interface EndpointListDeps extends ListWindowDeps, Pick<ListAttemptsDeps, 'messages'> {}

interface ListRequest<Query> {
  readonly query: Query;
  readonly now: Date;
}

/** Lists the attempts of an endpoint, newest first. */
export const createListerByEndpoint =
  (deps: EndpointListDeps) =>
  async (
    endpoint: Endpoint,
    { query, now }: ListRequest<EndpointAttemptListQuery>,
  ): Promise<ListAnswer<AttemptOut>> => {
    const asked = readAttemptQuery(query);
    if (!asked) return emptyList;
    const page = await listByEndpoint(deps, endpoint, { request: asked, tag: query.tag, now });
    const messages = query.with_msg ? await findMessages(deps, endpoint, { attempts: page.items, now }) : undefined;
    return toAnswer(page, query, asked.direction, messages);
  };

/** Attempts do not have the tags of their messages, so the messages are read to find those with a tag. */
async function listByEndpoint(
  deps: EndpointListDeps,
  endpoint: Endpoint,
  { request, tag, now }: { readonly request: AttemptQuery; readonly tag: string | undefined; readonly now: Date },
): Promise<Page<Attempt>> {
  const list = createWindowLister(deps, endpoint, { request, now });
  if (tag === undefined) return list(request);
  return selectPage<Attempt, Attempt>(request, {
    list,
    keyOf: ({ attemptId }) => attemptId,
    select: async (attempts) => {
      const messages = await findMessages(deps, endpoint, { attempts, now });
      return attempts.map((attempt) => (messages.get(attempt.messageId)?.tags.includes(tag) ? attempt : undefined));
    },
    maxRows: maxTaggedRead,
  });
}

async function findMessages(
  { messages }: Pick<ListAttemptsDeps, 'messages'>,
  { applicationId }: Endpoint,
  { attempts, now }: { readonly attempts: readonly Attempt[]; readonly now: Date },
): Promise<ReadonlyMap<string, ListedMessage>> {
  const messageIds = [...new Set(attempts.map(({ messageId }) => messageId))];
  const found = await messages.findAll(applicationId, messageIds, now);
  return new Map(found.map((message) => [message.messageId, message]));
}

/** Lists the attempts of a message, newest first; only those of one endpoint if the query names it. */
export const createListerByMessage =
  (deps: ListAttemptsDeps) =>
  async (
    { applicationId }: Pick<Application, 'applicationId'>,
    idOrEventId: string,
    { query, now }: ListRequest<MessageAttemptListQuery>,
  ): Promise<ListAnswer<AttemptOut>> => {
    const messageId = await resolveMessageId(deps, { applicationId, idOrEventId }, now);
    if (messageId === undefined) throw notFound();
    const ofEndpoint = await endpointFilter(deps, applicationId, query.endpoint_id);
    const request = readAttemptQuery(query);
    const message = await requireKnownMessage(deps, { applicationId, messageId }, now);
    if (!request || (query.tag !== undefined && !message?.tags.includes(query.tag))) return emptyList;
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

/** @param messages - the messages of the attempts, if they are shown */
const toAnswer = (
  page: Page<Attempt>,
  query: AttemptListQuery,
  direction: PageRequest['direction'],
  messages?: ReadonlyMap<string, ListedMessage>,
): ListAnswer<AttemptOut> =>
  toListAnswer({
    direction,
    page,
    idOf: ({ attemptId }) => attemptId,
    toRow: (attempt) =>
      toAttemptOut(attempt, {
        withContent: query.with_content ?? true,
        isExpanded: query.expanded_statuses ?? false,
        ...(messages && { message: messages.get(attempt.messageId) ?? null }),
      }),
  });
