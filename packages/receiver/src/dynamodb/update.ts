/** An update, or the condition of one, with values as the document client takes them. */
export interface PlainUpdate {
  readonly TableName: string;
  readonly Key: { readonly id: string };
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, string | number>;
}

export type Attributes = Record<string, { readonly S?: string; readonly N?: string }>;
type Marshalled = Record<string, { S: string } | { N: string }>;

/** An update with values as DynamoDB itself takes them. */
export interface MarshalledUpdate extends Omit<PlainUpdate, 'Key' | 'ExpressionAttributeValues'> {
  readonly Key: Marshalled;
  readonly ExpressionAttributeValues: Marshalled;
}

type Marshalling<T extends Partial<PlainUpdate>> = Omit<T, 'Key' | 'ExpressionAttributeValues'> &
  Pick<MarshalledUpdate, 'Key' | 'ExpressionAttributeValues'>;

export const marshalUpdate = <T extends Pick<PlainUpdate, 'Key' | 'ExpressionAttributeValues'>>(
  update: T,
): Marshalling<T> => ({
  ...update,
  Key: marshal(update.Key),
  ExpressionAttributeValues: marshal(update.ExpressionAttributeValues),
});

const marshal = (values: Readonly<Record<string, string | number>>): Marshalled =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? { S: value } : { N: String(value) },
    ]),
  );
