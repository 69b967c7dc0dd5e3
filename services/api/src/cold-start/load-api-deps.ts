import { setTimeout as sleep } from 'node:timers/promises';
import { createFindAccepting } from '@posthorn/models/accepting-applications';
import { createClaimRepository } from '@posthorn/models/claims';
import { createRequestCounts } from '@posthorn/models/request-counts';
import { createTokenChecks } from '@posthorn/models/token-checks';
import { createLog, createRandomBytes, systemClock } from '@posthorn/platform';
import { createTokenVerifier } from '@posthorn/secrets/tokens';
import { createRateLimit } from '../rate-limit/rate-limit.ts';
import { createAccessLog } from './access-log.ts';
import { jwtSecretOf, readApiConfiguration } from './configuration.ts';
import type { FunctionHost } from './function-host.ts';

/** The dependencies of every function that checks tokens, built once at cold start. */
export function loadApiDeps(folder: string, host: FunctionHost) {
  const configuration = readApiConfiguration(host.environment);
  const store = { client: host.tables, stage: configuration.stage };
  const { rateLimit: perSecond } = configuration;
  return {
    configuration,
    store,
    claims: createClaimRepository(store),
    findAccepting: createFindAccepting(store),
    tokenChecks: createTokenChecks(store),
    verifyToken: createTokenVerifier(jwtSecretOf(configuration)),
    checkRate:
      perSecond === undefined
        ? undefined
        : createRateLimit({ perSecond, counts: createRequestCounts(store), clock: systemClock }),
    clock: systemClock,
    sleep: sleepUnlessAborted,
    randomBytes: createRandomBytes(),
    log: createLog(folder),
    logRequest: createAccessLog(folder, configuration, host),
  };
}

/** Ends early, and without an error, if the signal is aborted. */
async function sleepUnlessAborted(ms: number, signal?: AbortSignal): Promise<void> {
  // A sleep fails only if it is aborted.
  await sleep(ms, undefined, signal && { signal }).catch(() => undefined);
}
