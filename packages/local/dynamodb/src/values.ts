/** An attribute's value in the wire protocol: `{ S: 'text' }`, `{ N: '1' }`, … It has exactly one member. */
export type AttributeValue = {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly string[];
  readonly L?: readonly AttributeValue[];
  readonly M?: Readonly<Record<string, AttributeValue>>;
};

export type Item = Readonly<Record<string, AttributeValue>>;

/** The body of any request or response. */
export type Body = Readonly<Record<string, unknown>>;
