import { defaultPageLimit, maxPageLimit } from '@posthorn/contracts/api/paging';
import { pollAfterHeader, pollerOperations } from '@posthorn/contracts/api/poller';
import {
  type ApplicationRepository,
  type ConsumerKey,
  formatPollIterator,
  keptUntil,
  type LogPosition,
  type MessageLogRepository,
  type Poller,
  type PollPlace,
  type PollStateRepository,
  startOfLog,
} from '@posthorn/core';
import { json, jsonText, withHeader } from '../http/answer.ts';
import type { ApiAnswer } from '../http/api-event.ts';
import { invalidField } from '../http/refusals.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import type { HoldableRequest } from '../operations/operate.ts';
import { createAcknowledger } from './acknowledge.ts';
import { createPollStateFinder, type FoundPollState } from './find-poll-state.ts';
import { createPollHolder, type HoldPollDeps, type PolledPage } from './hold-poll.ts';
import { createLogKeeper, type KeepLogDeps } from './keep-log.ts';
import { readPollIterator } from './poll-iterator.ts';
import { createMessageReader, type ReadMessagesDeps, type ReadMessagesRequest } from './read-messages.ts';

export interface PollerApiDeps extends ApiDeps, HoldPollDeps, Pick<ReadMessagesDeps, 'readPolledMessages'> {
  readonly applications: KeepLogDeps['applications'];
  readonly messageLog: MessageLogRepository;
  readonly pollStates: PollStateRepository;
  readonly sleep: HoldPollDeps['sleep'];
  readonly orderLeaseMs: number;
}

/** What a poll reads, and for whom. */
interface PollParts {
  readonly request: Pick<HoldableRequest, 'caller' | 'now' | 'requestId' | 'remainingMs' | 'checkAccessAgain'> & {
    readonly path: { readonly app_id: string };
    readonly query: { readonly wait?: number | undefined };
  };
  readonly state: FoundPollState;
  readonly wanted: Pick<ReadMessagesRequest, 'limit' | 'eventType' | 'channel'>;
}

/** Pull instead of push: programs that ask for the messages of an application. */
export function createPollerApi(deps: PollerApiDeps) {
  const { messageLog, pollStates } = deps;
  const findState = createPollStateFinder(pollStates);
  const keepLog = createLogKeeper(deps);
  const readMessages = createMessageReader(deps);
  const acknowledge = createAcknowledger(deps);
  const holdPoll = createPollHolder(deps);

  const pollFrom = (behind: LogPosition, { request, state, wanted }: PollParts): Promise<PolledPage> => {
    const { caller, path, query, now, requestId, remainingMs, checkAccessAgain } = request;
    const waitMs = (query.wait ?? 0) * 1_000;
    const { organisationId, applicationId } = state.application;
    return holdPoll({
      behind,
      owner: { organisationId, applicationId, by: caller.kind },
      requestId,
      waitMs,
      until: new Date(now.getTime() + waitMs),
      remainingMs,
      read: (from, maxReadMs) => readMessages({ ...wanted, applicationId, behind: from, now: deps.clock(), maxReadMs }),
      confirm: async () => {
        await checkAccessAgain();
        await findState(caller, path.app_id);
      },
    });
  };

  return createApi({ ...deps, findAccepting: existsUntilFound }, pollerOperations, {
    'v1.message.poller.poll': async (request) => {
      const { caller, path, query } = request;
      const limit = readLimit(query.limit);
      const state = await findState(caller, path.app_id);
      const { applicationId } = state.application;
      const poller: Poller = { applicationId, sink: path.sink_id };
      const given = readPollIterator(poller, query.iterator);
      await keepLog(state);
      const behind = given?.position ?? (await findStart(messageLog, applicationId, query));
      const { event_type: eventType, channel } = query;
      const polled = await pollFrom(behind, { request, state, wanted: { limit, eventType, channel } });
      return toPollAnswer(poller, polled, 0);
    },
    'v1.message.poller.consumer-poll': async (request) => {
      const { caller, path, query, now } = request;
      const limit = readLimit(query.limit);
      const names = { sink: path.sink_id, consumer: path.consumer_id };
      const state = await findState(caller, path.app_id, names);
      const { applicationId } = state.application;
      const key: ConsumerKey = { applicationId, ...names };
      const given = readPollIterator(key, query.iterator);
      await keepLog(state);
      const { position, generation } = await acknowledge({ state, key, given, now });
      return toPollAnswer(key, await pollFrom(position, { request, state, wanted: { limit } }), generation);
    },
    'v1.message.poller.consumer-seek': async ({ caller, path }) => {
      const names = { sink: path.sink_id, consumer: path.consumer_id };
      const state = await findState(caller, path.app_id);
      const { applicationId } = state.application;
      return {
        ids: [applicationId, names.sink, names.consumer],
        operate: async ({ body: { after }, now }) => {
          const key: ConsumerKey = { applicationId, ...names };
          await keepLog(state);
          const position = await messageLog.findStart(applicationId, after);
          const generation = await pollStates.seek(key, { position, expiresAt: keptUntil(now) });
          return json(200, { iterator: formatPollIterator(key, { position, generation }) });
        },
      };
    },
  });
}

/**
 * Authentication takes the application of a token as given here. `findState` reads it together with the rest, and refuses
 * the token if it does not exist.
 */
const existsUntilFound: ApplicationRepository['findAccepting'] = async (organisationId, applicationId) => ({
  organisationId,
  applicationId,
});

function readLimit(limit = defaultPageLimit): number {
  if (limit < 1 || limit > maxPageLimit) throw invalidField(['query', 'limit'], `must be 1 to ${maxPageLimit}`);
  return limit;
}

async function findStart(
  { findEnd, findStart }: Pick<MessageLogRepository, 'findEnd' | 'findStart'>,
  applicationId: string,
  { after, start }: { readonly after?: Date | undefined; readonly start?: 'oldest' | 'newest' | undefined },
): Promise<LogPosition> {
  if (after !== undefined) return findStart(applicationId, after);
  return start === 'newest' ? findEnd(applicationId) : startOfLog;
}

/** The answer has the bytes of the payloads as they were sent. */
function toPollAnswer(poller: Poller, { page, afterMs }: PolledPage, generation: PollPlace['generation']): ApiAnswer {
  const { texts, position, done } = page;
  const end = { iterator: formatPollIterator(poller, { position, generation }), done };
  const text = `{"data":[${texts.join(',')}],${JSON.stringify(end).slice(1)}`;
  return withHeader(jsonText(200, text), pollAfterHeader, String(afterMs));
}
