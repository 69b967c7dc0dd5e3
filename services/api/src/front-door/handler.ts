import { writeLine } from '../cold-start/function-host.ts';
import { lambdaHealth } from '../cold-start/health.ts';
import { createHandler } from './create-handler.ts';

export const handler = createHandler({ health: lambdaHealth, environment: process.env, writeAccess: writeLine });
