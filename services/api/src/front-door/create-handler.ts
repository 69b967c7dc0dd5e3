import { createLog } from '@posthorn/platform';
import { readApiConfiguration } from '../cold-start/configuration.ts';
import type { FunctionHost } from '../cold-start/function-host.ts';
import type { CheckHealth } from '../cold-start/health.ts';
import { createFrontDoorApi } from './front-door-api.ts';

/** What this function gets from where it runs. It reads no table. */
export interface FrontDoorHost extends Pick<FunctionHost, 'environment'> {
  readonly health: CheckHealth;
}

export function createHandler({ health, environment }: FrontDoorHost) {
  const { rateLimit, allowHttp } = readApiConfiguration(environment);
  return createFrontDoorApi({ log: createLog('front-door'), health, hasRateLimit: rateLimit !== undefined, allowHttp });
}
