import {
  type AttemptCounts,
  type CountedAttempt,
  type CountedEndpoint,
  type HourCounts,
  shardOf,
} from '@posthorn/core';
import { ForeignRow, ifPresent, instantOf, numberOf, type Row, textOf } from '../rows/row.ts';

/**
 * The endpoints of an application are spread over this many partitions: all of them may be written in the same second.
 * The rows of an endpoint have one partition.
 */
export const statisticsShards = 16;

export const hourLength = 'yyyy-mm-ddThh'.length;
export const hourOf = (time: Date): string => time.toISOString().slice(0, hourLength);

/** Every attribute of an event type begins with one of these. No other attribute does. */
const successPrefix = '+';
const failPrefix = '-';

export const shardPartition = (applicationId: string, shard: number): string => `${applicationId}#${shard}`;

export const shardOfEndpoint = (endpointId: string): number => shardOf(endpointId, statisticsShards);

/**
 * The key of an endpoint's hour. The names of the key's attributes are older than their values: the names of a table's
 * keys cannot change.
 */
export const hourKey = ({ applicationId, endpointId }: CountedEndpoint, hour: string) => ({
  endpointId: shardPartition(applicationId, shardOfEndpoint(endpointId)),
  hour: `${endpointId}#${hour}`,
});

/** The endpoint in the key of a row. */
export const endpointOfHourKey = (key: string): string => key.slice(0, key.indexOf('#'));

/** The attribute with the count that an attempt belongs to. */
export const countAttribute = ({ succeeded, eventType }: Pick<CountedAttempt, 'succeeded' | 'eventType'>): string =>
  `${succeeded ? successPrefix : failPrefix}${eventType}`;

/** The attribute with the highest sequence number of a source that the row has counted. */
export const markAttribute = ({ source }: Pick<CountedAttempt, 'source'>): string =>
  `m${source.slice(source.indexOf('#') + 1)}`;

/** Reads the counts of a row. */
export function readHour(row: Row): HourCounts {
  const byEventType = new Map<string, AttemptCounts>();
  const sums = { success: 0, fail: 0 };
  for (const attribute of Object.keys(row)) {
    const kind = kindOf(attribute);
    if (kind === undefined) continue;
    const count = numberOf(row, attribute);
    sums[kind] += count;
    const eventType = attribute.slice(1);
    byEventType.set(eventType, { success: 0, fail: 0, ...byEventType.get(eventType), [kind]: count });
  }
  const earliestPlanned = ifPresent(row, 'planned', instantOf);
  return { hour: hourOfKey(textOf(row, 'hour')), ...sums, byEventType, ...(earliestPlanned && { earliestPlanned }) };
}

function kindOf(attribute: string): keyof AttemptCounts | undefined {
  if (attribute.startsWith(successPrefix)) return 'success';
  return attribute.startsWith(failPrefix) ? 'fail' : undefined;
}

/** The hour in the key of a row. */
export const hourOfKey = (key: string): Date => startOfHour(key.slice(key.indexOf('#') + 1));

export function startOfHour(hour: string): Date {
  const start = new Date(`${hour}:00:00.000Z`);
  if (Number.isNaN(start.getTime())) throw new ForeignRow('hour');
  return start;
}
