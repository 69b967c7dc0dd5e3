/** A command of the SDK. */
export interface Command {
  readonly input: object;
}

export interface NamedCall {
  readonly operation: string;
  /** The tables or the queue of the call, separated by commas. */
  readonly target: string;
  /** What is known of the rows or jobs that it writes: see `Point`. Separated by commas. */
  readonly row?: string;
}

/** Returns what a command does, and with which tables or queue. */
export function readCommand(command: Command): NamedCall {
  const operation = command.constructor.name.replace(/Command$/, '');
  const row = rowsOf(command.input).join(',');
  return { operation, target: [...new Set(targetsOf(command.input))].join(','), ...(row !== '' && { row }) };
}

type Values = Readonly<Record<string, { readonly S?: string }>>;

interface Write {
  readonly TableName?: string;
  readonly Item?: Values;
  readonly ExpressionAttributeValues?: Values;
}

interface KnownInput extends Write {
  readonly QueueUrl?: string;
  readonly QueueName?: string;
  readonly MessageBody?: string;
  readonly Entries?: readonly { readonly MessageBody?: string }[];
  readonly RequestItems?: object;
  readonly TransactItems?: readonly Readonly<Record<string, Write>>[];
}

const writesOf = ({ TransactItems = [] }: KnownInput): readonly Write[] =>
  TransactItems.flatMap((item) => Object.values(item));

function rowsOf(input: KnownInput): readonly string[] {
  const { MessageBody, Entries = [] } = input;
  const bodies = [MessageBody, ...Entries.map((entry) => entry.MessageBody)];
  return [...[input, ...writesOf(input)].flatMap(wordsOf), ...bodies.flatMap(kindOfJob)];
}

/** Rows of messages and wakes have a kind, deliveries a reason. Claims have keys that begin with what is claimed. */
function wordsOf({ Item: { kind, claim, reason } = {}, ExpressionAttributeValues = {} }: Write): readonly string[] {
  const put = [kind?.S, claim?.S?.split('#')[0], reason?.S];
  const updated = Object.values(ExpressionAttributeValues).map(({ S }) => S);
  return [...put, ...updated].flatMap((text = '') => (isWord.test(text) ? [text] : membersOf(text)));
}

/** The members of a JSON text, such as the health of an endpoint. */
const membersOf = (text: string): readonly string[] => (text.startsWith('{"') ? Object.keys(JSON.parse(text)) : []);

const isWord = /^[a-z][a-z_-]{2,30}$/;

/** Jobs begin with their version and their kind. Those of deliveries have none. */
function kindOfJob(body = ''): readonly string[] {
  const [, kind] = /^\{"version":\d+,"kind":"([a-z]+)"/.exec(body) ?? [];
  if (kind === undefined) return [];
  const [, slice] = /"slice":([1-9]\d*)/.exec(body) ?? [];
  return [kind, ...(slice === undefined ? [] : [`${kind}-${slice}`])];
}

function targetsOf(input: KnownInput): readonly string[] {
  const { TableName, QueueUrl, QueueName, RequestItems = {} } = input;
  const queue = QueueUrl?.split('/').at(-1) ?? QueueName;
  return [
    ...(TableName === undefined ? [] : [TableName]),
    ...(queue === undefined ? [] : [queue]),
    ...Object.keys(RequestItems),
    ...writesOf(input).flatMap(({ TableName: own }) => own ?? []),
  ];
}
