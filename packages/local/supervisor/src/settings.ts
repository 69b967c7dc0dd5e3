import { isIP } from 'node:net';
import { sourcesFileName } from '@posthorn/change-events/file';
import {
  defaultAttemptRetention,
  defaultMaxEndpoints,
  defaultMessageRetentionDays,
  parseRetrySchedule,
  retryScheduleForm,
} from '@posthorn/core';
import {
  countOr,
  listOr,
  onOrOff,
  optionalCount,
  optionalPage,
  optionalProxy,
  ports,
  readConfiguration,
} from '@posthorn/platform/configuration';
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

/** Connections at a time from one address, by default. */
const defaultConnectionsPerAddress = 256;

const connections = z.pipe(
  z._default(z.string(), String(defaultConnectionsPerAddress)).check(
    z.refine((value) => wholeNumber(value, 0, 65_535), {
      error: 'must be a number of connections from 1 to 65535, or 0 for any number',
    }),
  ),
  z.transform(Number),
);

/** Absent by default: then there are no metrics. */
const metricsPort = z.pipe(
  z.optional(z.string()).check(
    z.refine((value) => value === undefined || wholeNumber(value, 0, 65_535), {
      error: 'must be a port: a number from 0 to 65535',
    }),
  ),
  z.transform((value) => (value === undefined ? undefined : Number(value))),
);

/** `127.0.0.1` by default, so that no other machine can reach the API. */
const host = z._default(z.string(), '127.0.0.1').check(
  z.refine((value) => isIP(value) !== 0, {
    error:
      'must be an IP address of this machine: 127.0.0.1, or 0.0.0.0 for every IPv4 address, or :: for every address',
  }),
);

const isUrl = (value: string): boolean => /^https?:\/\//.test(value);

/** `embedded`, `local`, or the URL of another DynamoDB endpoint. */
const store = z._default(z.string(), 'embedded').check(
  z.refine((value) => value === 'embedded' || value === 'local' || isUrl(value), {
    error:
      "must be 'embedded' (stored in the data folder), 'local' (DynamoDB Local, in memory, needs Java 17) or the URL of a DynamoDB endpoint",
  }),
);

const durability = z._default(z.enum(['process', 'machine'], { error: "must be 'process' or 'machine'" }), 'process');

/** `local` (our own queue server), or the URL of another SQS endpoint. */
const queueServer = z._default(z.string(), 'local').check(
  z.refine((value) => value === 'local' || isUrl(value), {
    error: "must be 'local' or the URL of an SQS endpoint that has the queues",
  }),
);

const retrySchedule = z
  ._default(z.string(), '')
  .check(z.refine((value) => parseRetrySchedule(value) !== undefined, { error: `must be ${retryScheduleForm}` }));

/** Loopback by default, so that a first endpoint can be on this machine. */
const subnets = listOr('127.0.0.0/8,::1/128').check(
  z.refine((values) => values.every(isSubnet), {
    error: "must be comma-separated networks, such as 127.0.0.0/8,::1/128, or 'none'",
  }),
);

/** On one machine, a first receiver has no certificate. */
const allowHttp = z.pipe(
  z._default(z.enum(['true', 'false'], { error: "must be 'true' or 'false'" }), 'true'),
  z.transform((value) => value === 'true'),
);

function isSubnet(value: string): boolean {
  return ipaddr.isValidCIDR(value);
}

const logLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'SILENT'];

/**
 * Variables that the services read themselves. They are also checked here, so that `start` fails at once. Otherwise the
 * system would report that it is ready, and every function would fail.
 */
const servicesOwn = {
  messageRetentionDays: ['POSTHORN_MESSAGE_RETENTION_DAYS', countOr(defaultMessageRetentionDays)],
  successRetentionDays: ['POSTHORN_SUCCESS_RETENTION_DAYS', countOr(defaultAttemptRetention.successDays)],
  failureRetentionDays: ['POSTHORN_FAILURE_RETENTION_DAYS', countOr(defaultAttemptRetention.failureDays)],
  deflateFrom: ['POSTHORN_DEFLATE_FROM', countOr(1)],
  maxEndpoints: ['POSTHORN_MAX_ENDPOINTS', countOr(defaultMaxEndpoints)],
  rateLimit: ['POSTHORN_RATE_LIMIT', optionalCount],
  forbiddenPorts: ['POSTHORN_FORBIDDEN_PORTS', ports],
  allowedPorts: ['POSTHORN_ALLOWED_PORTS', ports],
  egressProxy: ['POSTHORN_EGRESS_PROXY', optionalProxy],
  accessLog: ['POSTHORN_ACCESS_LOG', onOrOff],
  portalUrl: ['POSTHORN_PORTAL_URL', optionalPage],
  logLevel: [
    'POWERTOOLS_LOG_LEVEL',
    z._default(z.string(), 'WARN').check(
      z.refine((value) => logLevels.includes(value.toUpperCase()), {
        error: `must be one of ${logLevels.join(', ')}`,
      }),
    ),
  ],
} as const;

/** Settings of a local system, from the environment. */
export interface Settings {
  /** The IP address that the API listens on. */
  readonly host: string;
  readonly port: number;
  /** Connections at a time from one address of another machine. 0 for any number. */
  readonly connectionsPerAddress: number;
  /** The port of the metrics on loopback, if there are any. */
  readonly metricsPort: number | undefined;
  readonly dataDir: string;
  readonly store: string;
  /** The file of the user's own tables. It may be missing. */
  readonly sourcesFile: string;
  /** What an accepted message survives in the embedded store and the local queues. */
  readonly durability: 'process' | 'machine';
  /** `local`, or the URL of an SQS endpoint that already has the queues. */
  readonly queueServer: string;
  readonly retrySchedule: string;
  /** Networks that endpoints may be in although they are not public. */
  readonly allowedSubnets: readonly string[];
  /** Whether endpoints may have `http:` URLs. */
  readonly allowHttp: boolean;
}

/** @throws InvalidConfiguration with the names of all invalid variables */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  return readConfiguration(
    {
      ...servicesOwn,
      host: ['POSTHORN_HOST', host],
      port: ['POSTHORN_PORT', port],
      metricsPort: ['POSTHORN_METRICS_PORT', metricsPort],
      connectionsPerAddress: ['POSTHORN_CONNECTIONS_PER_ADDRESS', connections],
      dataDir: ['POSTHORN_DATA_DIR', z._default(z.string(), '.posthorn')],
      store: ['POSTHORN_DYNAMODB', store],
      sourcesFile: ['POSTHORN_SOURCES', z._default(z.string(), sourcesFileName)],
      durability: ['POSTHORN_DURABILITY', durability],
      queueServer: ['POSTHORN_SQS', queueServer],
      retrySchedule: ['POSTHORN_RETRY_SCHEDULE', retrySchedule],
      allowedSubnets: ['POSTHORN_ALLOWED_SUBNETS', subnets],
      allowHttp: ['POSTHORN_ALLOW_HTTP', allowHttp],
    },
    environment,
  );
}
