import {
  type Attempt,
  type AttemptRepository,
  attemptIdOf,
  type Delivery,
  type DeliveryRepository,
  deliveryIdOf,
  endedUnrecorded,
  type MessageStatus,
  nextAttemptAt,
  type StoredDelivery,
  standingOf,
  statusOfStored,
  wasCanceledByCode,
} from '@posthorn/core';

export interface ReadStandingsDeps {
  readonly attempts: Pick<AttemptRepository, 'findAll'>;
  readonly deliveries: Pick<DeliveryRepository, 'findAll' | 'findParked'>;
}

/** A message that may have been sent to an endpoint. */
export interface PossibleDelivery extends Pick<Delivery, 'messageId' | 'endpointId'> {
  /** The id of its first attempt, as fan-out plans it. */
  readonly firstAttemptId: string;
  /** Whether the endpoint is a destination: what waits in a group has no row at its message. */
  readonly isInGroup: boolean;
}

/** Where a message stands at an endpoint, as answers show it. */
export interface ShownStanding {
  readonly status: MessageStatus;
  /** Absent if no time is planned. */
  readonly nextAttempt?: Date;
  /** One of its attempts, if one was read. */
  readonly attempt?: Attempt;
}

interface Reading {
  /** The attempts of a delivery but a first one that succeeded, newest first. Called only if they are needed. */
  readonly listOthers: (delivery: PossibleDelivery) => Promise<readonly Attempt[]>;
  readonly now: Date;
}

/**
 * Reads where messages stand at endpoints: what is stored as a delivery says it, and otherwise the attempts do. Most
 * messages were accepted at the first attempt or have a row, and all of these together take two reads.
 *
 * @returns in the order of the deliveries; `undefined` if the message was never sent there and does not wait
 */
export async function readStandings(
  deps: ReadStandingsDeps,
  possible: readonly PossibleDelivery[],
  { listOthers, now }: Reading,
): Promise<readonly (ShownStanding | undefined)[]> {
  const firstKeys = possible.map(({ endpointId, firstAttemptId: attemptId }) => ({ endpointId, attemptId }));
  const [rows, firsts] = await Promise.all([
    deps.deliveries.findAll(possible.map(toKey), { mayBeStale: true }),
    deps.attempts.findAll(firstKeys, now),
  ]);
  const succeeded = await findSucceeded(deps, rows, now);
  const rowOf = new Map(rows.map((row) => [deliveryIdOf(row.delivery), row]));
  const firstOf = new Map(firsts.map((attempt) => [deliveryIdOf(attempt), attempt]));
  return Promise.all(
    possible.map(async (delivery): Promise<ShownStanding | undefined> => {
      const row = rowOf.get(deliveryIdOf(delivery));
      const first = firstOf.get(deliveryIdOf(delivery));
      const attempt = first && { attempt: first };
      if (row) return { ...(succeeded.get(row) ?? ofStored(row)), ...attempt };
      if (first?.status === 'succeeded') return { ...ofSuccess(first), ...attempt };
      const [parked, others] = await Promise.all([
        delivery.isInGroup ? deps.deliveries.findParked(delivery) : undefined,
        listOthers(delivery),
      ]);
      return ofAttempts(parked, withFirst(others, first), delivery.isInGroup);
    }),
  );
}

const toKey = ({ endpointId, messageId }: PossibleDelivery) => ({ endpointId, messageId });

const ofSuccess = (attempt: Attempt): ShownStanding => ({
  status: wasCanceledByCode(attempt) ? 'canceled' : 'success',
});

/** The stored deliveries that are out of date: the attempt that they ended at succeeded after all. */
export async function findSucceeded(
  { attempts }: Pick<ReadStandingsDeps, 'attempts'>,
  rows: readonly StoredDelivery[],
  now: Date,
): Promise<ReadonlyMap<StoredDelivery, ShownStanding>> {
  const ended = rows.filter(endedUnrecorded);
  const keyOf = ({ delivery }: StoredDelivery) => ({
    endpointId: delivery.endpointId,
    attemptId: attemptIdOf(delivery),
  });
  const found = ended.length === 0 ? [] : await attempts.findAll(ended.map(keyOf), now);
  const successes = new Map(
    found.flatMap((attempt) => (attempt.status === 'succeeded' ? [[attempt.attemptId, attempt] as const] : [])),
  );
  return new Map(
    ended.flatMap((row) => {
      const attempt = successes.get(keyOf(row).attemptId);
      return attempt ? [[row, ofSuccess(attempt)] as const] : [];
    }),
  );
}

/** Where a stored delivery stands. */
export function ofStored(stored: StoredDelivery): ShownStanding {
  const nextAttempt = nextAttemptAt(stored);
  return { status: statusOfStored(stored), ...(nextAttempt && { nextAttempt }) };
}

function ofAttempts(
  parked: StoredDelivery | undefined,
  attempts: readonly Attempt[],
  isInGroup: boolean,
): ShownStanding | undefined {
  const standing = standingOf(parked, attempts, isInGroup);
  if (!standing) return undefined;
  const [attempt] = attempts;
  const nextAttempt = parked ? nextAttemptAt(parked) : standing.status === 'sending' ? retryAfter(attempts) : undefined;
  return { status: standing.status, ...(nextAttempt && { nextAttempt }), ...(attempt && { attempt }) };
}

/** The time of the retry that the last scheduled attempt led to. */
function retryAfter(attempts: readonly Attempt[]): Date | undefined {
  const last = attempts.find(({ trigger }) => trigger === 'scheduled');
  return last?.next.kind === 'retry' ? last.next.at : undefined;
}

/** The index of the other attempts can be a moment behind, and the first attempt is the oldest one. */
const withFirst = (others: readonly Attempt[], first: Attempt | undefined): readonly Attempt[] =>
  first === undefined || others.some(({ attemptId }) => attemptId === first.attemptId) ? others : [...others, first];
