import { dueShards, shardOf, type Wake } from '@posthorn/core';
import { daysAfter, toEpochSeconds } from '../rows/expiry.ts';
import { ForeignRow, ifPresent, instantOf, numberOf, type Row, textOf, withoutAbsent } from '../rows/row.ts';

/** A wake that was not released expires this long after it was due. */
const safetyDays = 14;

/** The key of a row in the due table. */
export interface DueKey {
  readonly shard: string;
  readonly due: string;
}

export const shardKey = (shard: number): string => `due#${shard}`;

export const dueWakeKey = ({ endpointId, group = '', epoch, at }: Wake): DueKey => ({
  shard: shardKey(shardOf(`${endpointId}#${group}`, dueShards)),
  due: `${at.toISOString()}#${endpointId}#${group}#${epoch}`,
});

export const toDueWakeRow = (wake: Wake): Row => ({
  ...dueWakeKey(wake),
  kind: 'wake',
  org: wake.organisationId,
  app: wake.applicationId,
  endpointId: wake.endpointId,
  group: wake.group,
  epoch: wake.epoch,
  at: wake.at.toISOString(),
  slice: wake.slice,
  expiresAt: toEpochSeconds(daysAfter(wake.at, safetyDays)),
});

/** Rows of deliveries have no kind: older versions wrote them without one. */
export const isDueWake = (row: Row): boolean => row.kind === 'wake';

export function readDueWake(row: Row): Wake {
  const wake = {
    organisationId: textOf(row, 'org'),
    applicationId: textOf(row, 'app'),
    endpointId: textOf(row, 'endpointId'),
    ...withoutAbsent({ group: ifPresent(row, 'group', textOf) }),
    epoch: numberOf(row, 'epoch'),
    at: instantOf(row, 'at'),
    slice: numberOf(row, 'slice'),
  };
  const { shard, due } = dueWakeKey(wake);
  // If its key does not match, it could not be deleted and would be released every minute.
  if (row.shard !== shard || row.due !== due) throw new ForeignRow('due');
  return wake;
}
