import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { CountedAttempt } from '@posthorn/core';
import { daysAfter, toEpochSeconds } from '../rows/expiry.ts';
import { type Row, toItem } from '../rows/row.ts';
import { countAttribute, hourKey, hourOf, markAttribute } from './hour-row.ts';
import { toMark } from './sequence-mark.ts';

/** How an update treats the earliest planned time of its row. */
export type PlannedTime = 'keep' | 'lower';

export interface HourUpdate {
  readonly TableName: string;
  /** Of one row, in the order of their sequence numbers. */
  readonly attempts: readonly CountedAttempt[];
  readonly plannedTime: PlannedTime;
  readonly keptDays: number;
}

/**
 * Adds attempts to a row. It is refused, and returns the row, if the row has counted one of them, or if `plannedTime`
 * does not fit it: the row's earliest planned time must be later to be lowered, and must not be later to be kept.
 */
export function toHourUpdate({ TableName, attempts, plannedTime, keptDays }: HourUpdate): UpdateItemCommand {
  const [any] = attempts;
  if (any === undefined) throw new RangeError('nothing to count');
  const names: Record<string, string> = { '#planned': 'planned', '#expiresAt': 'expiresAt' };
  const values: Record<string, unknown> = {
    ':planned': earliestPlanned(attempts).toISOString(),
    ':expiresAt': toEpochSeconds(daysAfter(any.attemptedAt, keptDays)),
  };
  const define = (attribute: string, ...given: readonly unknown[]) => {
    const place = Object.keys(names).length;
    names[`#a${place}`] = attribute;
    for (const [index, value] of given.entries()) values[`:${'vw'[index]}${place}`] = value;
    return { name: `#a${place}`, value: `:v${place}`, second: `:w${place}` };
  };
  const additions = [...countsOf(attempts)].map(([attribute, count]) => define(attribute, count));
  const marks = [...rangesOf(attempts)].map(([attribute, { first, last }]) => define(attribute, first, last));
  const kept = plannedTime === 'keep';
  return new UpdateItemCommand({
    TableName,
    Key: toItem(hourKey(any, hourOf(any.attemptedAt))),
    UpdateExpression: [
      `ADD ${additions.map(({ name, value }) => `${name} ${value}`).join(', ')}`,
      `SET ${[
        ...marks.map(({ name, second }) => `${name} = ${second}`),
        `#planned = ${kept ? 'if_not_exists(#planned, :planned)' : ':planned'}`,
        '#expiresAt = :expiresAt',
      ].join(', ')}`,
    ].join(' '),
    ConditionExpression: [
      // A comparison with a missing attribute is false. This is a third of the text that asks for both.
      ...marks.map(({ name, value }) => `NOT ${name} >= ${value}`),
      kept ? 'NOT #planned > :planned' : '#planned > :planned',
    ].join(' AND '),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: toItem(values),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
}

/** The attempts that the row has not counted. */
export const withoutCounted = (attempts: readonly CountedAttempt[], row: Row): readonly CountedAttempt[] =>
  attempts.filter((attempt) => {
    const mark = row[markAttribute(attempt)];
    return !(mark instanceof Uint8Array) || Buffer.compare(toMark(attempt.sequenceNumber), mark) > 0;
  });

/** What the row's planned time needs, so that it stays the earliest one. */
export const plannedTimeFor = (attempts: readonly CountedAttempt[], { planned }: Row): PlannedTime =>
  typeof planned === 'string' && earliestPlanned(attempts).toISOString() < planned ? 'lower' : 'keep';

const earliestPlanned = (attempts: readonly CountedAttempt[]): Date =>
  new Date(Math.min(...attempts.map(({ plannedAt }) => plannedAt.getTime())));

function countsOf(attempts: readonly CountedAttempt[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const attribute of attempts.map(countAttribute)) counts.set(attribute, (counts.get(attribute) ?? 0) + 1);
  return counts;
}

/** The first and the last sequence number of each source. */
function rangesOf(attempts: readonly CountedAttempt[]) {
  const ranges = new Map<string, { readonly first: Uint8Array; readonly last: Uint8Array }>();
  for (const attempt of attempts) {
    const last = toMark(attempt.sequenceNumber);
    const attribute = markAttribute(attempt);
    ranges.set(attribute, { first: ranges.get(attribute)?.first ?? last, last });
  }
  return ranges;
}
