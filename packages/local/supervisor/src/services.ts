import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import type { DataFolder } from './data-folder.ts';
import type { LocalCloud } from './local-cloud-file.ts';
import { findFreePort } from './ports.ts';
import type { ProcessDefinition } from './processes/supervised-process.ts';
import type { Settings } from './settings.ts';

export const services = ['api', 'db-triggers', 'queue-workers'] as const;
export type Service = (typeof services)[number];

const root = join(import.meta.dirname, '../../../..');
const serverless = createRequire(join(root, 'package.json')).resolve('serverless/bin/serverless.js');

/** Everything that a service process needs except its ports. */
export interface ServiceContext {
  readonly settings: Settings;
  readonly folder: DataFolder;
  readonly checkpoints: string;
  readonly cloud: Omit<LocalCloud, 'processes'>;
}

/**
 * Defines the process of a service under `serverless offline`. `httpPort` is its HTTP port; its other ports are free
 * ones.
 */
export async function serviceProcess(
  service: Service,
  context: ServiceContext & { readonly httpPort: number },
): Promise<Pick<ProcessDefinition, 'name' | 'args' | 'cwd' | 'env'>> {
  const cwd = join(root, 'services', service);
  const [lambdaPort, albPort, websocketPort] = await Promise.all([findFreePort(), findFreePort(), findFreePort()]);
  const options = {
    stage: context.cloud.stage,
    // Only the API serves others. The other services listen for themselves.
    host: service === 'api' ? context.settings.host : 'localhost',
    httpPort: context.httpPort,
    lambdaPort,
    albPort,
    websocketPort,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return { name: service, args: [serverless, 'offline', ...args], cwd, env: serviceEnvironment(cwd, service, context) };
}

function serviceEnvironment(
  cwd: string,
  service: Service,
  { settings, folder, checkpoints, cloud }: ServiceContext,
): NodeJS.ProcessEnv {
  return {
    ...process.env,
    AWS_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: cloud.accessKeyId,
    AWS_SECRET_ACCESS_KEY: cloud.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: cloud.dynamodb,
    AWS_ENDPOINT_URL_SQS: cloud.sqs,
    EVENT_SOURCE_CHECKPOINTS: join(checkpoints, service),
    POSTHORN_STAGE: cloud.stage,
    POSTHORN_RETRY_SCHEDULE: settings.retrySchedule,
    POSTHORN_ALLOWED_SUBNETS: settings.allowedSubnets.join(','),
    POSTHORN_ALLOW_HTTP: 'true',
    POSTHORN_JWT_SECRET_FILE: folder.jwtSecretFile,
    POSTHORN_MASTER_KEY_FILE: folder.masterKeyFile,
    POSTHORN_BUILD_FOLDER: relative(cwd, join(folder.path, 'build', service)),
    POWERTOOLS_LOG_LEVEL: process.env.POWERTOOLS_LOG_LEVEL ?? 'WARN',
    // Node keeps its compiled code of Serverless and the plugins here, which saves a fifth of the start.
    NODE_COMPILE_CACHE: join(folder.path, 'build', 'compiled'),
    POWERTOOLS_METRICS_DISABLED: 'true',
    // Otherwise serverless-offline writes several lines for each request, and the request waits for each write.
    SLS_LOG_LEVEL: 'warning',
    SLS_NOTIFICATIONS_MODE: 'off',
    NODE_OPTIONS: '--disable-warning=ExperimentalWarning --max-old-space-size=512 --max-semi-space-size=8',
  };
}
