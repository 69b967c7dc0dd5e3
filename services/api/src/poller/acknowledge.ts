import {
  type ConsumerKey,
  type ConsumerState,
  isBehind,
  keptUntil,
  needsRefresh,
  type PollPlace,
  type PollStateRepository,
  startOfLog,
} from '@posthorn/core';
import type { FoundPollState } from './find-poll-state.ts';

interface AcknowledgeDeps {
  readonly pollStates: Pick<PollStateRepository, 'find' | 'acknowledge' | 'keepConsumer'>;
}

interface AcknowledgeRequest {
  readonly state: FoundPollState;
  readonly key: ConsumerKey;
  /** Of the iterator in the request. */
  readonly given: PollPlace | undefined;
  readonly now: Date;
}

/**
 * Moves a consumer to the place of the iterator that its program has sent: it has processed everything before. Returns where
 * the consumer goes on. That is not where the iterator leads if another program with the same name has gone further, or if
 * the consumer was set to another place since.
 */
export const createAcknowledger =
  ({ pollStates }: AcknowledgeDeps) =>
  async ({ state, key, given, now }: AcknowledgeRequest): Promise<PollPlace> => {
    const { application, consumer } = state;
    if (given === undefined || !movesForward(given, consumer)) {
      if (consumer && needsRefresh(consumer.expiresAt, now)) await pollStates.keepConsumer(key, keptUntil(now));
      return consumer ?? atStart;
    }
    const acknowledged = await pollStates.acknowledge(key, { ...given, expiresAt: keptUntil(now) });
    if (acknowledged === 'acknowledged') return given;
    const { organisationId, applicationId } = application;
    return (await pollStates.find({ organisationId, applicationId, consumer: key })).consumer ?? atStart;
  };

const atStart: PollPlace = { position: startOfLog, generation: 0 };

/** No consumer was set to another place so often. An iterator with more was not made here. */
const maxForgottenGeneration = 1_000_000_000;

/** A consumer without a row has acknowledged nothing, or is forgotten. */
const movesForward = ({ position, generation }: PollPlace, consumer: ConsumerState | undefined): boolean =>
  consumer === undefined
    ? generation <= maxForgottenGeneration && isBehind(position, startOfLog)
    : generation === consumer.generation && isBehind(position, consumer.position);
