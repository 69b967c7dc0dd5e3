import type { Application, LogKeeping } from '@posthorn/core';
import { pollMark } from '@posthorn/core/poller/poll-mark';
import { toEpochSeconds } from '../rows/expiry.ts';
import { flagOf, instantOf, type Row, textOf } from '../rows/row.ts';

/** An application that is polled, and what is known about its log. */
export interface PollMark extends Pick<Application, 'organisationId' | 'applicationId'>, LogKeeping {}

export const pollMarkKey = (applicationId: string) => ({ applicationId, endpointId: pollMark });

/** Fan-out goes by the row alone: it writes the log until the time to live removes the row. */
export const toPollMark = ({ organisationId, applicationId, until, isComplete }: PollMark): Row => ({
  ...pollMarkKey(applicationId),
  organisationId,
  until: until.toISOString(),
  complete: isComplete,
  expiresAt: toEpochSeconds(until),
});

export const readPollMark = (row: Row): PollMark => ({
  organisationId: textOf(row, 'organisationId'),
  applicationId: textOf(row, 'applicationId'),
  ...readLogKeeping(row),
});

export const readLogKeeping = (row: Row): LogKeeping => ({
  until: instantOf(row, 'until'),
  isComplete: flagOf(row, 'complete'),
});
