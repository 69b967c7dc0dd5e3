import type { FunctionEvent } from '../function-definition.ts';
import type { PackagedProperties, PackagedTemplate } from './package-services.ts';

/** One function, read from a packaged template. Fields that a definition has too have the same names. */
export interface PackagedFunction {
  readonly name: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly statements: readonly object[];
  readonly events: readonly (FunctionEvent | UnknownEvent)[];
}

/** A resource that no definition can produce. The comparison fails if a template has one. */
interface UnknownEvent {
  readonly kind: 'unknown';
  readonly logicalId: string;
}

type Attribute = { readonly 'Fn::GetAtt': readonly [string, string] };

/** All functions of a template by their keys, with everything that invokes them. */
export function readFunctions(template: PackagedTemplate, stage: string): Readonly<Record<string, PackagedFunction>> {
  const resources = Object.entries(template.Resources);
  const events = resources.flatMap(([logicalId, { Type, Properties }]) =>
    readEvent({ logicalId, type: Type, properties: Properties, template, stage }),
  );
  const functions = resources.filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
  return Object.fromEntries(
    functions.map(([logicalId, { Properties }]) => [
      logicalId.replace(/LambdaFunction$/, ''),
      {
        name: Properties.FunctionName as unknown as string,
        handler: Properties.Handler,
        timeoutSeconds: Properties.Timeout,
        memoryMb: Properties.MemorySize,
        statements: roleOf(template, Properties).flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
        events: events.filter((event) => event.target === logicalId).map(({ event }) => event),
      },
    ]),
  );
}

/** Types of resources that Serverless adds to every service, and roles and alarms, which have tests of their own. */
const invokesNothing: ReadonlySet<string> = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::IAM::Role',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
]);

interface Source {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: PackagedProperties;
  readonly template: PackagedTemplate;
  readonly stage: string;
}

function readEvent(
  source: Source,
): readonly { readonly target: string; readonly event: PackagedFunction['events'][number] }[] {
  const { type, properties, template, logicalId, stage } = source;
  if (invokesNothing.has(type)) return [];
  switch (type) {
    case 'AWS::Lambda::EventSourceMapping':
      return [{ target: nameOf(properties.FunctionName), event: readMapping(properties, stage) }];
    case 'AWS::ApiGatewayV2::Route': {
      const integration = template.Resources[properties.Target['Fn::Join'][1][1].Ref];
      if (integration === undefined) throw new Error(`${logicalId} has no integration`);
      return [{ target: nameOf(integration.Properties.IntegrationUri), event: readRoute(properties.RouteKey) }];
    }
    case 'AWS::Events::Rule':
      return properties.Targets.map(({ Arn }) => ({ target: nameOf(Arn), event: readSchedule(properties) }));
    default:
      return [{ target: logicalId, event: { kind: 'unknown', logicalId } }];
  }
}

const nameOf = (attribute: Attribute): string => attribute['Fn::GetAtt'][0];

function roleOf({ Resources }: PackagedTemplate, { Role }: PackagedProperties): PackagedProperties['Policies'] {
  const role = Resources[nameOf(Role as Attribute)];
  if (role === undefined) throw new Error(`there is no role ${JSON.stringify(Role)}`);
  return role.Properties.Policies;
}

function readRoute(routeKey: string): FunctionEvent {
  if (routeKey === '$default') return { kind: 'fallback-route' };
  const [method, path = ''] = routeKey.split(' ');
  return { kind: 'route', method: method as 'GET', path };
}

const readSchedule = ({ ScheduleExpression }: PackagedProperties): FunctionEvent => ({
  kind: 'schedule',
  everyMinutes: Number(/^rate\((\d+) minutes?\)$/.exec(ScheduleExpression)?.[1]),
});

function readMapping(properties: PackagedProperties, stage: string): FunctionEvent {
  const batchSize = properties.BatchSize;
  const source: unknown = properties.EventSourceArn;
  const short = (name: string) => name.replace(`posthorn-${stage}-`, '') as never;
  const reading = () => ({
    batchSize,
    filterPatterns: properties.FilterCriteria.Filters.map(({ Pattern }) => JSON.parse(Pattern)),
    batchWindowSeconds: properties.MaximumBatchingWindowInSeconds ?? 0,
    maximumRecordAgeSeconds: properties.MaximumRecordAgeInSeconds,
    onFailureQueue: short(properties.DestinationConfig.OnFailure.Destination['Fn::Join'][1].at(-1) ?? ''),
  });
  if (typeof source === 'string')
    return { kind: 'source-stream', tableName: source.split('/')[1] ?? '', streamArn: source, ...reading() };
  if (isImport(source)) {
    const table = short(source['Fn::ImportValue'].replace(/-stream$/, ''));
    return { kind: 'stream', table, ...reading() };
  }
  return {
    kind: 'queue',
    queue: short(properties.EventSourceArn['Fn::Join'][1].at(-1) ?? ''),
    batchSize,
    maximumConcurrency: properties.ScalingConfig.MaximumConcurrency,
  };
}

const isImport = (arn: unknown): arn is { readonly 'Fn::ImportValue': string } =>
  typeof arn === 'object' && arn !== null && 'Fn::ImportValue' in arn;

/** The same functions with their events in alphabetical order: a template has no order of its own. */
export const sortEvents = (functions: Readonly<Record<string, PackagedFunction>>) =>
  Object.fromEntries(
    Object.entries(functions).map(([key, { events, ...rest }]) => [
      key,
      { ...rest, events: events.map((event) => JSON.stringify(sortKeys(event))).toSorted() },
    ]),
  );
const sortKeys = (value: object) => Object.fromEntries(Object.entries(value).toSorted());
