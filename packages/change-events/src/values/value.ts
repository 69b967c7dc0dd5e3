/** A value of DynamoDB, as a stream record in JSON has it. Exactly one member is present. Binary values are base64. */
export interface Value {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
  readonly B?: string | undefined;
  readonly BOOL?: boolean | undefined;
  readonly NULL?: boolean | undefined;
  readonly L?: readonly Value[] | undefined;
  readonly M?: Item | undefined;
  readonly SS?: readonly string[] | undefined;
  readonly NS?: readonly string[] | undefined;
  readonly BS?: readonly string[] | undefined;
}

/** An item, or a map in it. */
export type Item = Readonly<Record<string, Value>>;

/** The text of a value that templates can use. Maps, lists, sets and binary values have none. */
export function scalarText({ S, N, BOOL }: Value): string | undefined {
  if (S !== undefined) return S;
  if (N !== undefined) return N;
  return BOOL === undefined ? undefined : String(BOOL);
}
