import { isJsonObject } from '../json.ts';

/** Where names are looked up that a template does not spell out. */
export interface NameSources {
  /** Export name to the table's or queue's name: `custom.eventSources.imports`. */
  readonly imports: Readonly<Record<string, string>>;
  /** The service's own CloudFormation resources. */
  readonly resources: Readonly<Record<string, unknown>>;
}

/** An ARN that cannot be led back to a table or queue on this machine. */
export class UnresolvedArn extends Error {
  constructor(arn: unknown, hint: string) {
    super(`Cannot tell what ${JSON.stringify(arn)} stands for: ${hint}`);
    this.name = 'UnresolvedArn';
  }
}

/**
 * The name of the queue that an `arn` of serverless.yml stands for: text, Fn::Join, Fn::ImportValue or Fn::GetAtt.
 *
 * @throws UnresolvedArn
 */
export const queueNameOf = (arn: unknown, sources: NameSources): string =>
  typeof arn === 'string' ? lastPart(arn) : nameOf(arn, sources, 'QueueName', lastPart);

/**
 * The name of the table whose stream an `arn` of serverless.yml stands for.
 *
 * @throws UnresolvedArn
 */
export const tableNameOf = (arn: unknown, sources: NameSources): string =>
  typeof arn === 'string' ? tablePart(arn) : nameOf(arn, sources, 'TableName', tablePart);

function nameOf(
  arn: unknown,
  { imports, resources }: NameSources,
  property: 'QueueName' | 'TableName',
  partOf: (arn: string) => string,
): string {
  if (!isJsonObject(arn)) throw new UnresolvedArn(arn, 'it is neither text nor a function');
  const { 'Fn::Join': join, 'Fn::ImportValue': exportName, 'Fn::GetAtt': attribute } = arn;
  if (Array.isArray(join)) return partOf(joinText(join));
  if (typeof exportName === 'string') {
    const name = imports[exportName];
    if (name === undefined) throw new UnresolvedArn(arn, `name it under custom.eventSources.imports: ${exportName}`);
    return name;
  }
  const logicalId = typeof attribute === 'string' ? attribute.split('.')[0] : firstText(attribute);
  const name = logicalId === undefined ? undefined : propertyOf(resources[logicalId], property);
  if (typeof name !== 'string') throw new UnresolvedArn(arn, `no ${property} stands in this service's resources`);
  return name;
}

const firstText = (value: unknown): string | undefined =>
  Array.isArray(value) && typeof value[0] === 'string' ? value[0] : undefined;

function propertyOf(resource: unknown, property: string): unknown {
  const properties = isJsonObject(resource) ? resource.Properties : undefined;
  return isJsonObject(properties) ? properties[property] : undefined;
}

/** What a Fn::Join makes, with nothing in the place of what only AWS knows. */
function joinText([delimiter, parts]: readonly unknown[]): string {
  if (typeof delimiter !== 'string' || !Array.isArray(parts))
    throw new UnresolvedArn({ delimiter, parts }, 'bad Fn::Join');
  return parts.map((part: unknown) => (typeof part === 'string' ? part : '')).join(delimiter);
}

const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

function tablePart(arn: string): string {
  const name = /:table\/([^/]+)/.exec(arn)?.[1];
  if (name === undefined) throw new UnresolvedArn(arn, "it is no table stream's ARN");
  return name;
}
