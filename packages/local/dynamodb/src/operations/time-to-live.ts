import type { CheckedRequest } from '../dynalite/checked-request.ts';
import { validationFailure } from '../failure.ts';
import { ranges } from '../level/keys.ts';
import type { State } from '../state/state.ts';
import { fillInBackground } from '../tables/fill.ts';
import type { Body } from '../values.ts';
import { findTable } from './tables.ts';

interface Specification {
  readonly Enabled: boolean;
  readonly AttributeName: string;
}

export async function updateTimeToLive(state: State, request: CheckedRequest): Promise<Body> {
  const table = findTable(state, request.TableName);
  // Checked by the operation's types.
  const specification = request.TimeToLiveSpecification as Specification;
  const { Enabled, AttributeName } = specification;
  if (Enabled && table.timeToLive !== undefined) throw validationFailure('TimeToLive is already enabled');
  if (!Enabled && table.timeToLive === undefined) throw validationFailure('TimeToLive is already disabled');
  if (!Enabled && table.timeToLive !== AttributeName)
    throw validationFailure(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${table.timeToLive}`,
    );
  const { timeToLive: _, unfinished, ...rest } = table;
  const indexes = unfinished?.indexes ?? [];
  const isUnfinished = Enabled || indexes.length > 0;
  await state.catalogue.save({
    table: {
      ...rest,
      ...(Enabled && { timeToLive: AttributeName }),
      ...(isUnfinished && { unfinished: { indexes, timeToLive: Enabled } }),
    },
  });
  if (Enabled) fillInBackground(state, table.description.TableName);
  else {
    // Earlier writes may still add expiry rows.
    await state.storage.settled();
    await state.storage.clear(ranges.expiries(table.id));
  }
  return { TimeToLiveSpecification: specification };
}

export async function describeTimeToLive(state: State, { TableName }: CheckedRequest): Promise<Body> {
  const { timeToLive } = findTable(state, TableName);
  return {
    TimeToLiveDescription:
      timeToLive === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive },
  };
}
