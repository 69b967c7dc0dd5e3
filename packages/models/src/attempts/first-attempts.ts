import { type AttemptQuery, firstAttemptIdOf, hasStatus } from '@posthorn/core';
import type { KeyRange } from '../paging/key-range.ts';
import type { ReadSlice } from '../paging/read-page.ts';
import { expiryAttribute, nowInSeconds } from '../rows/expiry.ts';
import { instantOf, numberOf, type Row, textOf, textsOf } from '../rows/row.ts';
import { getRows } from '../rows/row-access.ts';
import type { Store } from '../store.ts';
import { attemptKey, attemptStatusOf, attributesWithoutResponse, isInIndex } from './attempt-row.ts';

/** The first attempts of one message at some endpoints. */
export interface FirstAttempts extends Pick<Store, 'client'> {
  readonly tableName: string;
  readonly messageId: string;
  readonly endpointIds: Iterable<string>;
  /** Whether a row is listed. */
  readonly isListed: (row: Row) => boolean;
}

/** Reads the first attempts of a message that are not in the index, by their keys, in the order of their ids. */
export function createFirstAttemptReader(attempts: FirstAttempts): ReadSlice<Row> {
  const { client, tableName, messageId, endpointIds, isListed } = attempts;
  const keys = [...endpointIds]
    .map((endpointId) => attemptKey({ endpointId, attemptId: firstAttemptIdOf({ messageId, endpointId }) }))
    .toSorted((one, other) => (one.attemptId < other.attemptId ? -1 : 1));
  return async ({ from, to }: KeyRange, { ascends, limit }) => {
    const inRange = keys.filter(({ attemptId }) => attemptId >= from && attemptId <= to);
    const ahead = ascends ? inRange : inRange.toReversed();
    const asked = ahead.slice(0, limit);
    const rows = await getRows({ client }, { tableName, keys: asked, attributes: attributesWithoutResponse });
    const byId = new Map(rows.map((row) => [textOf(row, 'attemptId'), row]));
    const reached = asked.length < ahead.length ? asked.at(-1)?.attemptId : undefined;
    return {
      rows: asked.flatMap(({ attemptId }) => {
        const row = byId.get(attemptId);
        return row && !isInIndex(row) && isListed(row) ? [row] : [];
      }),
      rowsRead: asked.length,
      ...(reached !== undefined && { reached }),
    };
  };
}

/** Whether a row matches the filters of a query. The same as the condition for DynamoDB in `list-attempts.ts`. */
export const matchesFilters =
  ({ status, statusCodeClass, channel, eventTypes, before, after }: AttemptQuery, now: Date) =>
  (row: Row): boolean =>
    numberOf(row, expiryAttribute) > nowInSeconds(now) &&
    (before === undefined || instantOf(row, 'at') < before) &&
    (after === undefined || instantOf(row, 'at') >= after) &&
    (status === undefined ||
      hasStatus({ status: attemptStatusOf(row), responseStatusCode: numberOf(row, 'code') }, status)) &&
    (statusCodeClass === undefined || isInClass(numberOf(row, 'code'), statusCodeClass)) &&
    (channel === undefined || textsOf(row, 'channels').includes(channel)) &&
    (eventTypes === undefined || eventTypes.includes(textOf(row, 'type')));

const isInClass = (code: number, codeClass: number): boolean => code >= codeClass && code < codeClass + 100;
