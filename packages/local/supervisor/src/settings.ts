import {
  defaultAttemptRetention,
  defaultMessageRetentionDays,
  parseRetrySchedule,
  retryScheduleForm,
} from '@posthorn/core';
import { countOr, list, readConfiguration } from '@posthorn/platform';
import ipaddr from 'ipaddr.js';
import * as z from 'zod/mini';

const wholeNumber = (value: string, lowest: number, highest: number): boolean =>
  /^\d{1,5}$/.test(value) && Number(value) >= lowest && Number(value) <= highest;

const port = z.pipe(
  z
    ._default(z.string(), '8071')
    .check(z.refine((value) => wholeNumber(value, 0, 65_535), { error: 'must be a port: a number from 0 to 65535' })),
  z.transform(Number),
);

const isUrl = (value: string): boolean => /^https?:\/\//.test(value);

/** `embedded`, `local`, or the address of something else that speaks DynamoDB's protocol. */
const store = z._default(z.string(), 'embedded').check(
  z.refine((value) => value === 'embedded' || value === 'local' || isUrl(value), {
    error:
      "must be 'embedded' (kept in the data folder), 'local' (DynamoDB Local, in memory, needs Java 17) or the URL of a DynamoDB endpoint",
  }),
);

const durability = z._default(z.enum(['process', 'machine'], { error: "must be 'process' or 'machine'" }), 'process');

/** Our own queue server when absent. */
const queueServer = z._default(z.string(), 'local').check(
  z.refine((value) => value === 'local' || isUrl(value), {
    error: "must be 'local' or the URL of an SQS endpoint that has the queues",
  }),
);

const retrySchedule = z
  ._default(z.string(), '')
  .check(z.refine((value) => parseRetrySchedule(value) !== undefined, { error: `must be ${retryScheduleForm}` }));

const subnets = list.check(
  z.refine((values) => values.every(isSubnet), {
    error: 'must be networks, comma-separated, such as 127.0.0.0/8,::1/128',
  }),
);

function isSubnet(value: string): boolean {
  return ipaddr.isValidCIDR(value);
}

const logLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'SILENT'];

/**
 * What the services read by themselves. Checked here as well, so that a wrong one stops the start and not every function
 * of a system that says that it is ready.
 */
const servicesOwn = {
  messageRetentionDays: ['POSTHORN_MESSAGE_RETENTION_DAYS', countOr(defaultMessageRetentionDays)],
  successRetentionDays: ['POSTHORN_SUCCESS_RETENTION_DAYS', countOr(defaultAttemptRetention.successDays)],
  failureRetentionDays: ['POSTHORN_FAILURE_RETENTION_DAYS', countOr(defaultAttemptRetention.failureDays)],
  logLevel: [
    'POWERTOOLS_LOG_LEVEL',
    z._default(z.string(), 'WARN').check(
      z.refine((value) => logLevels.includes(value.toUpperCase()), {
        error: `must be one of ${logLevels.join(', ')}`,
      }),
    ),
  ],
} as const;

/** What the environment may change about a local system. */
export interface Settings {
  readonly port: number;
  readonly dataDir: string;
  readonly store: string;
  /** What an accepted message survives in the embedded store and the local queues. */
  readonly durability: 'process' | 'machine';
  /** `local`, or the address of an SQS that has the queues already. */
  readonly queueServer: string;
  readonly retrySchedule: string;
  readonly allowedSubnets: readonly string[];
}

const loopback = ['127.0.0.0/8', '::1/128'];

/** @throws InvalidConfiguration naming every variable that is wrong */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const { allowedSubnets, ...settings } = readConfiguration(
    {
      ...servicesOwn,
      port: ['POSTHORN_PORT', port],
      dataDir: ['POSTHORN_DATA_DIR', z._default(z.string(), '.posthorn')],
      store: ['POSTHORN_DYNAMODB', store],
      durability: ['POSTHORN_DURABILITY', durability],
      queueServer: ['POSTHORN_SQS', queueServer],
      retrySchedule: ['POSTHORN_RETRY_SCHEDULE', retrySchedule],
      allowedSubnets: ['POSTHORN_ALLOWED_SUBNETS', subnets],
    },
    environment,
  );
  return { ...settings, allowedSubnets: allowedSubnets.length > 0 ? allowedSubnets : loopback };
}
