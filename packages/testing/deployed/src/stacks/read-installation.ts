import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import {
  type EventSourceMappingConfiguration,
  type FunctionConfiguration,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { readPolicy, type Statements } from '../iam/policy.ts';
import { readTemplate, type StackTemplate } from './template.ts';

const stacks = ['posthorn-data', 'posthorn-queue-workers', 'posthorn-db-triggers', 'posthorn-api'] as const;

/** A function as it was deployed. */
export interface DeployedFunction {
  readonly name: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: Statements;
  /** Folder with the unpacked package. */
  readonly folder: string;
}

/** An event source mapping as it was deployed. */
export interface DeployedMapping {
  readonly functionName: string;
  readonly sourceArn: string;
  readonly batchSize: number;
  readonly reportFailures: boolean;
  readonly filterPatterns: readonly string[];
  readonly onFailureArn: string | undefined;
}

export interface Installation {
  readonly functions: ReadonlyMap<string, DeployedFunction>;
  readonly mappings: readonly DeployedMapping[];
  readonly routes: Readonly<Record<string, string>>;
  /** Every resource type of the four templates. */
  readonly types: readonly string[];
  /** Stack name and its status. */
  readonly status: Readonly<Record<string, string>>;
}

export interface Account {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Reads the four stacks of a stage from the account, and unpacks the functions’ packages into a folder. */
export async function readInstallation(account: Account, stage: string, folder: string): Promise<Installation> {
  const templates = await Promise.all(stacks.map((stack) => readStack(account, `${stack}-${stage}`)));
  const lambda = new LambdaClient(account);
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
  const packages = templates.flatMap(({ bucket, template }) =>
    Object.entries(template.packages).map(([name, key]) => [name, `${account.endpoint}/${bucket}/${key}`] as const),
  );
  const functions = new Map<string, DeployedFunction>();
  for (const [name, url] of packages) {
    const configuration = Functions.find(({ FunctionName }) => FunctionName === name);
    if (!configuration) throw new Error(`${name} is in a template but was not created`);
    functions.set(name, await readFunction(configuration, { account, url, folder: join(folder, name) }));
  }
  return {
    functions,
    mappings: EventSourceMappings.map(toMapping),
    routes: Object.assign({}, ...templates.map(({ template }) => template.routes)),
    types: [...new Set(templates.flatMap(({ template }) => template.types))],
    status: Object.fromEntries(templates.map(({ name, status }) => [name, status])),
  };
}

interface Stack {
  readonly name: string;
  readonly status: string;
  readonly bucket: string;
  readonly template: StackTemplate;
}

async function readStack(account: Account, name: string): Promise<Stack> {
  const cloudFormation = new CloudFormationClient(account);
  const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
  const { TemplateBody = '' } = await cloudFormation.send(new GetTemplateCommand({ StackName: name }));
  const bucket = stack?.Outputs?.find(({ OutputKey }) => OutputKey === 'ServerlessDeploymentBucketName')?.OutputValue;
  return { name, status: stack?.StackStatus ?? 'missing', bucket: bucket ?? '', template: readTemplate(TemplateBody) };
}

interface Source {
  readonly account: Account;
  readonly url: string;
  readonly folder: string;
}

async function readFunction(configuration: FunctionConfiguration, source: Source): Promise<DeployedFunction> {
  const { FunctionName = '', Handler = '', Timeout = 3, MemorySize = 128, Role = '', Environment } = configuration;
  await unpack(source);
  return {
    name: FunctionName,
    handler: Handler,
    timeoutSeconds: Timeout,
    memoryMb: MemorySize,
    environment: Environment?.Variables ?? {},
    statements: await readRole(source.account, Role.split('/').at(-1) ?? ''),
    folder: source.folder,
  };
}

/** The text of every policy of a role. */
async function readRole(account: Account, RoleName: string): Promise<Statements> {
  const iam = new IAMClient(account);
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const policies = await Promise.all(
    PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
  );
  return policies.flatMap(({ PolicyDocument = '' }) => readPolicy(decodeURIComponent(PolicyDocument)));
}

/** Python unpacks it: Node.js cannot read zip files, and the emulator needs Python anyway. */
async function unpack({ account, url, folder }: Source): Promise<void> {
  // The emulator refuses anonymous reads of a bucket, but accepts any signature.
  const authorization = `AWS4-HMAC-SHA256 Credential=${account.credentials.accessKeyId}/20260101/any/s3/aws4_request`;
  const response = await fetch(url, { headers: { authorization } });
  if (!response.ok) throw new Error(`${url} responds with ${response.status}`);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'package.zip');
  await writeFile(file, Buffer.from(await response.arrayBuffer()));
  await promisify(execFile)('python3', ['-m', 'zipfile', '--extract', file, folder]);
}

const toMapping = (mapping: EventSourceMappingConfiguration): DeployedMapping => ({
  functionName: mapping.FunctionArn?.split(':').at(-1) ?? '',
  sourceArn: mapping.EventSourceArn ?? '',
  batchSize: mapping.BatchSize ?? 10,
  reportFailures: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
  filterPatterns: (mapping.FilterCriteria?.Filters ?? []).flatMap(({ Pattern }) => Pattern ?? []),
  onFailureArn: mapping.DestinationConfig?.OnFailure?.Destination,
});
