/** A value of a CloudFormation template. */
export type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };

/** A resource of a CloudFormation template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, Value>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: 'Retain' | 'Delete';
  readonly UpdateReplacePolicy?: 'Retain' | 'Delete';
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, Value>>;
}

/**
 * An ARN in the account and region that is deployed to.
 *
 * @example arn('sqs', 'posthorn-dev-deliveries')
 */
export const arn = (service: string, resource: string): Value => ({
  'Fn::Join': [
    ':',
    ['arn', { Ref: 'AWS::Partition' }, service, { Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }, resource],
  ],
});

/** `on-message-inserted` => `OnMessageInserted`: part of a logical id. */
export const logicalName = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
