/** An attribute's value as the wire protocol has it: `{ S: 'text' }`, `{ N: '1' }`, … Exactly one member. */
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

/** A request's or an answer's body, of whatever operation. */
export type Body = Readonly<Record<string, unknown>>;
