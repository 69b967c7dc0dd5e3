import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { environmentOf } from '@posthorn/local-cloud/join/description';
import { findFreePort } from '../ports.ts';
import type { ProcessDefinition } from '../processes/supervised-process.ts';
import type { ServicesContext } from '../services.ts';

export const root = join(import.meta.dirname, '../../../../..');

/** The services that run functions. Each one is a folder of `services`. */
export const services = ['api', 'db-triggers', 'queue-workers'] as const;
export type Service = (typeof services)[number];

/** The name in its serverless.yml. */
export const nameOf = (service: Service): string => `posthorn-${service}`;

const killAfterMs = 2_000;

export interface ServicePorts {
  readonly httpPort: number;
  readonly lambdaPort: number;
  readonly albPort: number;
  readonly websocketPort: number;
}

export async function findServicePorts(): Promise<ServicePorts> {
  const find = () => findFreePort();
  const [httpPort, lambdaPort, albPort, websocketPort] = await Promise.all([find(), find(), find(), find()]);
  return { httpPort, lambdaPort, albPort, websocketPort };
}

/** Defines the process of a service under `serverless offline`. */
export function serviceProcess(
  service: Service,
  ports: ServicePorts,
  { cloud, folder }: Pick<ServicesContext, 'cloud' | 'folder'>,
): Omit<ProcessDefinition, 'onLine' | 'onChange'> {
  const cwd = join(root, 'services', service);
  const serverless = createRequire(join(root, 'package.json')).resolve('serverless/bin/serverless.js');
  const options = Object.entries({ stage: cloud.stage, host: 'localhost', ...ports });
  return {
    name: service,
    args: [serverless, 'offline', ...options.flatMap(([name, value]) => [`--${name}`, String(value)])],
    cwd,
    env: {
      ...process.env,
      ...environmentOf(cloud),
      POSTHORN_BUILD_FOLDER: relative(cwd, join(folder.path, 'build', service)),
      POWERTOOLS_LOG_LEVEL: process.env.POWERTOOLS_LOG_LEVEL || 'INFO',
      POWERTOOLS_METRICS_DISABLED: 'true',
      // Otherwise serverless-offline writes several lines for each request, and the request waits for each write.
      SLS_LOG_LEVEL: process.env.SLS_LOG_LEVEL || 'warning',
      SLS_NOTIFICATIONS_MODE: 'off',
      // Node keeps its compiled code of Serverless and the plugins here, for every data folder.
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/posthorn-compiled'),
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning --max-old-space-size=512',
    },
    // If the code cannot be loaded, only another change of it helps.
    fruitlessStarts: 1,
    killAfterMs,
  };
}
