import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const root = join(import.meta.dirname, '../../../..');
export const services = ['data', 'api', 'db-triggers', 'queue-workers'] as const;
export type Service = (typeof services)[number];

type JoinedArn = { readonly 'Fn::Join': readonly [string, readonly string[]] };
type AttributeOf = { readonly 'Fn::GetAtt': readonly [string, string] };

/** The properties that the tests read, of all types of resources. */
export interface PackagedProperties {
  readonly Role: unknown;
  readonly Policies: readonly {
    readonly PolicyDocument: {
      readonly Statement: readonly { readonly Action: readonly string[]; readonly Resource: readonly unknown[] }[];
    };
  }[];
  readonly Timeout: number;
  readonly Handler: string;
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
  readonly MemorySize: number;
  readonly LoggingConfig?: Readonly<Record<string, string>>;
  readonly RetentionInDays: number;
  readonly EventSourceArn: JoinedArn;
  readonly FunctionName: AttributeOf;
  readonly FunctionResponseTypes: readonly string[];
  readonly BisectBatchOnFunctionError: boolean;
  readonly StartingPosition?: string;
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly FilterCriteria: { readonly Filters: readonly { readonly Pattern: string }[] };
  readonly RouteKey: string;
  readonly Target: { readonly 'Fn::Join': readonly ['/', readonly ['integrations', { readonly Ref: string }]] };
  readonly IntegrationUri: { readonly 'Fn::GetAtt': readonly [string, string] };
  readonly ScheduleExpression: string;
  readonly Targets: readonly { readonly Arn: { readonly 'Fn::GetAtt': readonly [string, string] } }[];
  readonly MaximumRetryAttempts: number;
  readonly MaximumRecordAgeInSeconds: number;
  readonly ParallelizationFactor?: number;
  readonly DestinationConfig: { readonly OnFailure: { readonly Destination: JoinedArn } };
  readonly ScalingConfig: { readonly MaximumConcurrency: number };
  readonly QueueName: string;
  readonly FifoQueue?: boolean;
  readonly VisibilityTimeout: number;
  readonly MessageRetentionPeriod: number;
  readonly RedrivePolicy: { readonly deadLetterTargetArn: AttributeOf };
  readonly SqsManagedSseEnabled: boolean;
  readonly EnableKeyRotation: boolean;
  readonly TableName: string;
  readonly TimeToLiveSpecification: object;
  readonly Dimensions: readonly [{ readonly Value: AttributeOf }];
}

/** A resource of a packaged template. */
export interface PackagedResource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: PackagedProperties;
}

export interface PackagedTemplate {
  readonly Resources: Readonly<Record<string, PackagedResource>>;
  readonly Outputs: Readonly<Record<string, { readonly Export?: { readonly Name: string } }>>;
}

/** Sources of the user's own tables, of the stage `dev`. */
const sourcesFile = join(import.meta.dirname, 'sources.yml');
/** What is expected of them: a stream for each table. */
export const sourceStreams = [
  {
    tableName: 'orders',
    streamArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000',
  },
  {
    tableName: 'customers',
    streamArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/customers/stream/2026-02-02T00:00:00.000',
  },
];

/** A variable that is set while the services are packaged. */
export const packagingVariable = 'POSTHORN_BUILD_FOLDER';

/** Packages every service with `serverless package`, without credentials, and returns the templates. */
export async function packageServices(): Promise<Readonly<Record<Service, PackagedTemplate>>> {
  const folder = await mkdtemp(join(tmpdir(), 'templates-'));
  const templates: [Service, PackagedTemplate][] = [];
  for (const service of services) templates.push([service, await packageService(service, join(folder, service))]);
  await rm(folder, { recursive: true });
  // The loop above adds one template for each service.
  return Object.fromEntries(templates) as Record<Service, PackagedTemplate>;
}

async function packageService(service: Service, folder: string): Promise<PackagedTemplate> {
  const serverless = createRequire(join(root, 'package.json')).resolve('serverless/bin/serverless.js');
  const { AWS_PROFILE: _, ...environment } = process.env;
  const build = { [packagingVariable]: `.esbuild/packaged-${process.pid}` };
  const env = { ...environment, NODE_OPTIONS: '', POSTHORN_SOURCES: sourcesFile, ...build };
  const cwd = join(root, 'services', service);
  await promisify(execFile)(process.execPath, [serverless, 'package', '--package', folder], { cwd, env });
  return JSON.parse(await readFile(join(folder, 'cloudformation-template-update-stack.json'), 'utf8'));
}
