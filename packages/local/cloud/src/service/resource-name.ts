import { isJsonObject } from '@posthorn/local-event-sources';

/** Where to find names that an ARN in a template does not contain as text. */
export interface NameSources {
  /** Export name => name of the table or queue: `custom.eventSources.imports`. */
  readonly imports: Readonly<Record<string, string>>;
  /** The CloudFormation resources of the service. */
  readonly resources: Readonly<Record<string, unknown>>;
}

/** The table or queue of an ARN cannot be found. */
export class UnresolvedArn extends Error {
  constructor(arn: unknown, hint: string) {
    super(`No table or queue found for the ARN ${JSON.stringify(arn)}: ${hint}`);
    this.name = 'UnresolvedArn';
  }
}

/**
 * Returns the name of a queue from its `arn` in serverless.yml: text, Fn::Join, Fn::ImportValue or Fn::GetAtt.
 *
 * @throws UnresolvedArn
 */
export const queueNameOf = (arn: unknown, sources: NameSources): string =>
  typeof arn === 'string' ? lastPart(arn) : nameOf(arn, sources, 'QueueName', lastPart);

/**
 * Returns the name of a table from the `arn` of its stream in serverless.yml.
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
  if (!isJsonObject(arn))
    throw new UnresolvedArn(arn, 'it is neither text nor an object with Fn::Join, Fn::ImportValue or Fn::GetAtt');
  const { 'Fn::Join': join, 'Fn::ImportValue': exportName, 'Fn::GetAtt': attribute } = arn;
  if (Array.isArray(join)) return partOf(joinText(join));
  if (typeof exportName === 'string') {
    const name = imports[exportName];
    if (name === undefined)
      throw new UnresolvedArn(arn, `add this export under custom.eventSources.imports: ${exportName}`);
    return name;
  }
  const logicalId = typeof attribute === 'string' ? attribute.split('.')[0] : firstText(attribute);
  const name = logicalId === undefined ? undefined : propertyOf(resources[logicalId], property);
  if (typeof name !== 'string')
    throw new UnresolvedArn(arn, `the resources of this service have no ${property} for it`);
  return name;
}

const firstText = (value: unknown): string | undefined =>
  Array.isArray(value) && typeof value[0] === 'string' ? value[0] : undefined;

function propertyOf(resource: unknown, property: string): unknown {
  const properties = isJsonObject(resource) ? resource.Properties : undefined;
  return isJsonObject(properties) ? properties[property] : undefined;
}

/** The text of a Fn::Join. Parts that only AWS knows are empty. */
function joinText([delimiter, parts]: readonly unknown[]): string {
  if (typeof delimiter !== 'string' || !Array.isArray(parts))
    throw new UnresolvedArn({ delimiter, parts }, 'Fn::Join needs a separator and a list');
  return parts.map((part: unknown) => (typeof part === 'string' ? part : '')).join(delimiter);
}

const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

function tablePart(arn: string): string {
  const name = /:table\/([^/]+)/.exec(arn)?.[1];
  if (name === undefined) throw new UnresolvedArn(arn, 'it is not the ARN of a stream of a table');
  return name;
}
