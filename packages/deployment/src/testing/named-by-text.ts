/** A resource of a template, as far as its names and references are concerned. */
export interface NamedResource {
  readonly Type: string;
  readonly Properties?: unknown;
}

type Resources = Readonly<Record<string, NamedResource>>;

/** A property that names another resource of the same template by text, so that CloudFormation sees no order. */
export interface NamedByText {
  readonly in: string;
  readonly names: string;
  readonly text: string;
}

/** The property that gives a resource of each type its name. */
const nameProperty: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Api': 'Name',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SecretsManager::Secret': 'Name',
};

/** Finds each text, joined or plain, that has the name of another resource of the same template in it. */
export function findNamedByText(resources: Resources): readonly NamedByText[] {
  const names = Object.entries(resources).flatMap(([id, resource]) => {
    const name = propertiesOf(resource)[nameProperty[resource.Type] ?? ''];
    return typeof name === 'string' ? [{ id, pattern: wholeName(name) }] : [];
  });
  return Object.entries(resources).flatMap(([id, resource]) =>
    textsIn(withoutOwnName(resource)).flatMap((text) =>
      names
        .filter((name) => name.id !== id && name.pattern.test(text))
        .map((name) => ({ in: id, names: name.id, text })),
    ),
  );
}

const propertiesOf = ({ Properties }: NamedResource): Readonly<Record<string, unknown>> =>
  isObject(Properties) ? Properties : {};

function withoutOwnName(resource: NamedResource): Readonly<Record<string, unknown>> {
  const own = nameProperty[resource.Type];
  return Object.fromEntries(Object.entries(propertiesOf(resource)).filter(([property]) => property !== own));
}

/** `orders` is in `…:orders`, `table/orders/index/x` and `orders:*`; it is not in `orders-dead`, `orders.fifo` or `my-orders`. */
const wholeName = (name: string): RegExp => new RegExp(`(?<![\\w.-])${escaped(name)}(?![\\w.-])`);
const escaped = (name: string): string => name.replaceAll(/[^\w]/g, '\\$&');

const reference = '<reference>';

/** Every text in a value. A Fn::Join or Fn::Sub is one text, with `<reference>` for each reference. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isObject(value)) return [];
  if ('Ref' in value || 'Fn::GetAtt' in value || 'Fn::ImportValue' in value) return [];
  if ('Fn::Sub' in value) return substituted(value['Fn::Sub']);
  const join = value['Fn::Join'];
  if (Array.isArray(join) && Array.isArray(join[1])) return joined(String(join[0]), join[1]);
  return Object.values(value).flatMap(textsIn);
}

const joined = (separator: string, parts: readonly unknown[]): readonly string[] => [
  parts.map((part) => (typeof part === 'string' ? part : reference)).join(separator),
  ...parts.filter((part) => typeof part !== 'string').flatMap(textsIn),
];

const substituted = (sub: unknown): readonly string[] => {
  const [template, variables] = Array.isArray(sub) ? sub : [sub];
  return [String(template).replaceAll(/\$\{[^!}]*\}/g, reference), ...textsIn(variables)];
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
