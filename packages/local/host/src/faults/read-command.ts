/** A command of the SDK. */
export interface Command {
  readonly input: object;
}

export interface NamedCall {
  readonly operation: string;
  /** The tables or the queue of the call, separated by commas. */
  readonly target: string;
  /** The kind of the row that it puts, or the beginning of its key, if it puts one that has either. */
  readonly row?: string;
}

/** Returns what a command does, and with which tables or queue. */
export function readCommand(command: Command): NamedCall {
  const operation = command.constructor.name.replace(/Command$/, '');
  const row = rowOf(command.input);
  return { operation, target: [...new Set(targetsOf(command.input))].join(','), ...(row !== undefined && { row }) };
}

/** Rows of messages have a kind. Claims have keys that begin with what is claimed. */
function rowOf({ Item: { kind, claim } = {} }: KnownInput): string | undefined {
  return kind?.S ?? claim?.S?.split('#')[0];
}

interface KnownInput {
  readonly Item?: Readonly<Record<string, { readonly S?: string }>>;
  readonly TableName?: string;
  readonly QueueUrl?: string;
  readonly QueueName?: string;
  readonly RequestItems?: object;
  readonly TransactItems?: readonly Readonly<Record<string, { readonly TableName?: string }>>[];
}

function targetsOf(input: object): readonly string[] {
  const { TableName, QueueUrl, QueueName, RequestItems = {}, TransactItems = [] }: KnownInput = input;
  const queue = QueueUrl?.split('/').at(-1) ?? QueueName;
  return [
    ...(TableName === undefined ? [] : [TableName]),
    ...(queue === undefined ? [] : [queue]),
    ...Object.keys(RequestItems),
    ...TransactItems.flatMap((item) => Object.values(item).flatMap(({ TableName: own }) => own ?? [])),
  ];
}
