import { secretsKeyAlias } from '@posthorn/contracts';
import { createEgress } from '@posthorn/egress';
import { createAttemptRepository } from '@posthorn/models/attempts';
import { createDynamoClient } from '@posthorn/models/client';
import { createDisableEndpoint, createFindEndpoint } from '@posthorn/models/endpoint-reads';
import { createMessageRepository } from '@posthorn/models/messages';
import { createCounters, createLog, systemClock } from '@posthorn/platform';
import { createSecretBox } from '@posthorn/secrets/secret-box';
import { readWorkerConfiguration } from '../configuration.ts';
import { createMakeAttempt, type MakeAttemptDeps } from './make-attempt.ts';
import { createSendMessage } from './send-message.ts';

/** What both workers need to make attempts, wired once at cold start. */
export function loadAttemptDeps(worker: string, environment: NodeJS.ProcessEnv) {
  const configuration = readWorkerConfiguration(environment);
  const { stage, retrySchedule } = configuration;
  const client = createDynamoClient();
  const retention = {
    successDays: configuration.successRetentionDays,
    failureDays: configuration.failureRetentionDays,
  };
  const attempts = createAttemptRepository({ client, stage, retention });
  const egress = createEgress(configuration);
  const log = createLog(worker);
  const counters = createCounters(worker);
  const deps: MakeAttemptDeps = {
    findEndpoint: createFindEndpoint({ client, stage }),
    findMessage: createMessageRepository({ client, stage }).find,
    findAttempt: attempts.find,
    recordAttempt: attempts.record,
    disableEndpoint: createDisableEndpoint({ client, stage }),
    sendMessage: createSendMessage({ open: createSecretBox(sealingKeyOf(configuration)).open, send: egress.send }),
    retrySchedule,
    clock: systemClock,
    jitter: Math.random,
    log,
    counters,
  };
  return { stage, client, attempts, deps, makeAttempt: createMakeAttempt(deps), log, counters };
}

/** The key that the API sealed with: a file on one machine, AWS KMS when deployed. */
const sealingKeyOf = ({ stage, masterKeyFile }: ReturnType<typeof readWorkerConfiguration>) =>
  masterKeyFile === undefined ? { kmsKeyId: secretsKeyAlias(stage) } : { masterKeyFile };
