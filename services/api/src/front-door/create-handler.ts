import { createLog } from '@posthorn/platform';
import type { CheckHealth } from '../cold-start/health.ts';
import { createFrontDoorApi } from './front-door-api.ts';

/** What this function gets from where it runs. It reads no table. */
export interface FrontDoorHost {
  readonly health: CheckHealth;
}

export const createHandler = ({ health }: FrontDoorHost) =>
  createFrontDoorApi({ log: createLog('front-door'), health });
