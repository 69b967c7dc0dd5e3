import type { Application } from '@posthorn/core';
import { pollMark } from '@posthorn/core/poller/poll-mark';
import { toEpochSeconds } from '../rows/expiry.ts';
import { instantOf, type Row, textOf } from '../rows/row.ts';

/** An application that is polled, and until when its log is kept at least. */
export interface PollMark extends Pick<Application, 'organisationId' | 'applicationId'> {
  readonly until: Date;
}

export const pollMarkKey = (applicationId: string) => ({ applicationId, endpointId: pollMark });

/** Fan-out goes by the row alone: it writes the log until the time to live removes the row. */
export const toPollMark = ({ organisationId, applicationId, until }: PollMark): Row => ({
  ...pollMarkKey(applicationId),
  organisationId,
  until: until.toISOString(),
  expiresAt: toEpochSeconds(until),
});

export const readPollMark = (row: Row): PollMark => ({
  organisationId: textOf(row, 'organisationId'),
  applicationId: textOf(row, 'applicationId'),
  until: instantOf(row, 'until'),
});
