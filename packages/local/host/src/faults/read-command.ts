/** A command of the SDK. */
export interface Command {
  readonly input: object;
}

export interface NamedCall {
  readonly operation: string;
  /** The tables or the queue of the call, separated by commas. */
  readonly target: string;
}

/** Returns what a command does, and with which tables or queue. */
export function readCommand(command: Command): NamedCall {
  const operation = command.constructor.name.replace(/Command$/, '');
  return { operation, target: [...new Set(targetsOf(command.input))].join(',') };
}

interface KnownInput {
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
