import type { RowCondition } from './placeholders.ts';
import { numberOf, type Row } from './row.ts';

/** The time to live attribute of every table. */
export const expiryAttribute = 'expiresAt';

/** An instant in whole seconds since 1970, rounded up. This is the unit of a time to live. */
export const toEpochSeconds = (instant: Date): number => Math.ceil(instant.getTime() / 1000);

export const expiryOf = (row: Row): Date => new Date(numberOf(row, expiryAttribute) * 1000);

/** The current time in the unit of `expiresAt`, for comparisons. */
export const nowInSeconds = (now: Date): number => now.getTime() / 1000;

/** The condition that a row has not expired. DynamoDB removes expired rows within days. Some rows never expire. */
export const hasNotExpired =
  (now: Date): RowCondition =>
  ({ name, value }) =>
    `(attribute_not_exists(${name(expiryAttribute)}) OR ${name(expiryAttribute)} > ${value(nowInSeconds(now))})`;

const dayMs = 24 * 3_600_000;

export const daysAfter = (instant: Date, days: number): Date => new Date(instant.getTime() + days * dayMs);
