/** A value of a CloudFormation template. */
export type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };

/** A resource of a CloudFormation template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, Value>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: 'Retain' | 'RetainExceptOnCreate' | 'Delete';
  readonly UpdateReplacePolicy?: 'Retain' | 'Delete';
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, Value>>;
}

/**
 * Keeps a resource when its stack is deleted, when it is removed from the template, and when an update replaces it.
 * A resource whose own creation fails with its stack is deleted, so that the next try finds its name free.
 */
export const retained = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' } as const;

/**
 * A reference to an attribute of a resource of the same template, which CloudFormation therefore creates first.
 *
 * @example attributeOf('DeliveriesDeadLettersQueue', 'Arn')
 */
export const attributeOf = (logicalId: string, attribute: string): Value => ({
  'Fn::GetAtt': [logicalId, attribute],
});

/**
 * An ARN in the account and region that is deployed to, for a resource of another template. For one of the same
 * template use {@link attributeOf}: CloudFormation sees no order in a text.
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

/** The logical id of a queue in the template of `services/data`. */
export const queueLogicalId = (queue: string): string => `${logicalName(queue)}Queue`;
