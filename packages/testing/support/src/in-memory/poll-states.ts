import {
  type ApplicationRepository,
  type ConsumerKey,
  type ConsumerState,
  isBehind,
  type LogKeeping,
  type PollStateRepository,
} from '@posthorn/core';

/** Who polls, in maps. `marks` has which logs are kept. */
export interface InMemoryPollStates extends PollStateRepository {
  readonly marks: ReadonlyMap<string, LogKeeping>;
}

export function inMemoryPollStates(applications: Pick<ApplicationRepository, 'findAccepting'>): InMemoryPollStates {
  const marks = new Map<string, LogKeeping>();
  const consumers = new Map<string, ConsumerState>();
  const keyOf = ({ applicationId, sink, consumer }: ConsumerKey) => JSON.stringify([applicationId, sink, consumer]);
  return {
    marks,
    findIdOfUid: async (organisationId, uid) => (await applications.findAccepting(organisationId, uid))?.applicationId,
    find: async ({ organisationId, applicationId, consumer }) => {
      const application = await applications.findAccepting(organisationId, applicationId);
      const log = marks.get(applicationId);
      const known = consumer && consumers.get(keyOf({ applicationId, ...consumer }));
      return {
        ...(application && { application }),
        ...(log && { log }),
        ...(known && { consumer: known }),
      };
    },
    keepLog: async ({ applicationId }, log) => void marks.set(applicationId, log),
    keepsLog: async (applicationId) => marks.has(applicationId),
    acknowledge: async (key, next) => {
      const known = consumers.get(keyOf(key));
      const isNext =
        known === undefined || (known.generation === next.generation && isBehind(next.position, known.position));
      if (!isNext) return 'refused';
      consumers.set(keyOf(key), next);
      return 'acknowledged';
    },
    seek: async (key, next) => {
      const generation = (consumers.get(keyOf(key))?.generation ?? 0) + 1;
      consumers.set(keyOf(key), { ...next, generation });
      return generation;
    },
    keepConsumer: async (key, expiresAt) => {
      const known = consumers.get(keyOf(key));
      if (known) consumers.set(keyOf(key), { ...known, expiresAt });
    },
  };
}
