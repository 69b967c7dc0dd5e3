import {
  type ApplicationRepository,
  type ConsumerKey,
  type ConsumerState,
  isBehind,
  type PollStateRepository,
} from '@posthorn/core';

/** Who polls, in maps. `marks` has until when each log is kept. */
export interface InMemoryPollStates extends PollStateRepository {
  readonly marks: ReadonlyMap<string, Date>;
}

export function inMemoryPollStates(applications: Pick<ApplicationRepository, 'findAccepting'>): InMemoryPollStates {
  const marks = new Map<string, Date>();
  const consumers = new Map<string, ConsumerState>();
  const keyOf = ({ applicationId, sink, consumer }: ConsumerKey) => JSON.stringify([applicationId, sink, consumer]);
  return {
    marks,
    findIdOfUid: async (organisationId, uid) => (await applications.findAccepting(organisationId, uid))?.applicationId,
    find: async ({ organisationId, applicationId, consumer }) => {
      const application = await applications.findAccepting(organisationId, applicationId);
      const logKeptUntil = marks.get(applicationId);
      const known = consumer && consumers.get(keyOf({ applicationId, ...consumer }));
      return {
        ...(application && { application }),
        ...(logKeptUntil && { logKeptUntil }),
        ...(known && { consumer: known }),
      };
    },
    keepLog: async ({ applicationId }, until) => void marks.set(applicationId, until),
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
