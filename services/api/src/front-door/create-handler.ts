import { createLog } from '@posthorn/platform';
import { createAccessLog } from '../cold-start/access-log.ts';
import { readApiConfiguration } from '../cold-start/configuration.ts';
import type { FunctionHost } from '../cold-start/function-host.ts';
import type { CheckHealth } from '../cold-start/health.ts';
import { createFrontDoorApi } from './front-door-api.ts';

/** What this function gets from where it runs. It reads no table. */
export interface FrontDoorHost extends Pick<FunctionHost, 'environment' | 'writeAccess'> {
  readonly health: CheckHealth;
}

export function createHandler({ health, environment, writeAccess }: FrontDoorHost) {
  const configuration = readApiConfiguration(environment);
  const { rateLimit, allowHttp } = configuration;
  return createFrontDoorApi({
    log: createLog('front-door'),
    logRequest: createAccessLog('front-door', configuration, { writeAccess }),
    health,
    hasRateLimit: rateLimit !== undefined,
    allowHttp,
  });
}
