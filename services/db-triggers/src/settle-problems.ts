import { isPassingError, type RecordPlace, type RefusedDelivery, reasonOf } from '@posthorn/core';
import type { Counters, Log } from '@posthorn/platform';
import type { SetAside } from '@posthorn/queues';

/** A record or delivery of a batch that was not done. */
export interface Problem {
  /** The record's place in the batch. */
  readonly index: number;
  readonly error: unknown;
  readonly concerns: { readonly kind: 'record' } | ({ readonly kind: 'delivery' } & SetAsideDelivery);
}

type SetAsideDelivery = Pick<RefusedDelivery, 'queue' | 'delivery'>;

export interface SettleDeps {
  readonly setAside: SetAside;
  readonly log: Log;
  readonly counters: Pick<Counters, 'add'>;
}

/**
 * Settles the problems of a batch, in the order of its records. For a permanent problem, only its record or delivery is set
 * aside, at once. The first passing problem ends the batch: its record and all behind it are run again, until they are
 * too old. Setting aside twice is harmless.
 *
 * @param places - of all records of the batch
 * @returns the sequence number of the first record that is to be run again
 */
export const createSettleProblems =
  (deps: SettleDeps) =>
  async (places: readonly RecordPlace[], problems: readonly Problem[]): Promise<string | undefined> => {
    for (const problem of problems.toSorted((one, other) => one.index - other.index)) {
      const place = places[problem.index];
      if (place === undefined) throw new RangeError(`the batch has no record ${problem.index}`);
      const outcome = await settle(deps, place, problem);
      if (outcome.kind === 'settled') continue;
      deps.log.error('stream.record_failed', { ...place, error: outcome.error });
      return place.sequenceNumber;
    }
    return undefined;
  };

type Outcome = { readonly kind: 'settled' } | { readonly kind: 'run-again'; readonly error: unknown };

async function settle(deps: SettleDeps, place: RecordPlace, { error, concerns }: Problem): Promise<Outcome> {
  if (isPassingError(error)) return { kind: 'run-again', error };
  if (concerns.kind === 'record') return setRecordAside(deps, place, error);
  try {
    await setDeliveryAside(deps, place, concerns, error);
    return { kind: 'settled' };
  } catch (failure) {
    // What cannot be a job is at least reported with its record.
    return isPassingError(failure) ? { kind: 'run-again', error: failure } : setRecordAside(deps, place, error);
  }
}

async function setDeliveryAside(
  { setAside, log, counters }: SettleDeps,
  { sequenceNumber }: RecordPlace,
  refused: SetAsideDelivery,
  error: unknown,
): Promise<void> {
  const reason = reasonOf(error);
  await setAside.delivery(refused, reason);
  const { messageId, endpointId } = refused.delivery;
  log.warn('delivery.set_aside', { messageId, endpointId, sequenceNumber, reason, error });
  counters.add('DeliveriesSetAside', 1);
}

/** A record that not even the failure queue accepts is logged: no other record may wait for it. */
async function setRecordAside(
  { setAside, log, counters }: SettleDeps,
  place: RecordPlace,
  error: unknown,
): Promise<Outcome> {
  const reason = reasonOf(error);
  try {
    await setAside.record(place, reason);
    log.warn('stream.record_set_aside', { ...place, reason, error });
  } catch (failure) {
    if (isPassingError(failure)) return { kind: 'run-again', error: failure };
    log.error('stream.record_lost', { ...place, reason, error: failure });
  }
  counters.add('RecordsSetAside', 1);
  return { kind: 'settled' };
}
