import { toEpochSeconds } from '../rows/expiry.ts';
import { instantOf, type Row } from '../rows/row.ts';

/**
 * The sort key of the row that says that an application is polled. It is in the table of endpoints, right behind them, so
 * that fan-out finds it with the endpoints, without another read.
 */
export const pollMark = 'polled';

export const pollMarkKey = (applicationId: string) => ({ applicationId, endpointId: pollMark });

/** Fan-out goes by the row alone: it writes the log until the time to live removes the row. */
export const toPollMark = (applicationId: string, until: Date): Row => ({
  ...pollMarkKey(applicationId),
  until: until.toISOString(),
  expiresAt: toEpochSeconds(until),
});

export const readPollMark = (row: Row): Date => instantOf(row, 'until');
