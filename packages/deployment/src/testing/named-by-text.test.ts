import { findNamedByText, type NamedResource } from './named-by-text.ts';

const aQueue = (name: string, properties: object = {}): NamedResource => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName: name, ...properties },
});
const redriveTo = (deadLetterTargetArn: unknown) => ({ RedrivePolicy: { deadLetterTargetArn, maxReceiveCount: 5 } });
const arnOf = (name: string) => ({
  'Fn::Join': [':', ['arn', { Ref: 'AWS::Partition' }, 'sqs', { Ref: 'AWS::Region' }, '123', name]],
});

const sub = (name: string): string => `\${${name}}`;

const foundIn = (properties: object) =>
  findNamedByText({ Dead: aQueue('orders-dead'), Orders: aQueue('orders', properties) }).map(({ names }) => names);

describe('a resource of the same template', () => {
  it.each([
    ['plain text', redriveTo('arn:aws:sqs:us-east-1:123:orders-dead')],
    ['a joined text', redriveTo(arnOf('orders-dead'))],
    ['a name that is joined from parts', redriveTo({ 'Fn::Join': ['', ['arn:aws:sqs:x:1:', 'orders', '-dead']] })],
    ['a substituted text', redriveTo({ 'Fn::Sub': `arn:${sub('AWS::Partition')}:sqs:x:1:orders-dead` })],
    ['a substituted variable', redriveTo({ 'Fn::Sub': [`arn:aws:sqs:x:1:${sub('Name')}`, { Name: 'orders-dead' }] })],
    ['a text in a list', { Tags: [{ Key: 'dead', Value: 'orders-dead' }] }],
  ])('is found when it is named by %s', (_, properties) => {
    expect(foundIn(properties)).toEqual(['Dead']);
  });

  it.each([
    ['a reference to its attribute', redriveTo({ 'Fn::GetAtt': ['Dead', 'Arn'] })],
    ['a reference in a text', redriveTo({ 'Fn::Sub': `arn:aws:sqs:x:1:${sub('Dead.QueueName')}` })],
    ['another template’s export', redriveTo({ 'Fn::ImportValue': 'orders-dead' })],
    ['a longer name', redriveTo(arnOf('orders-dead.fifo'))],
    ['a name that ends alike', redriveTo(arnOf('all-orders-dead'))],
    ['its own name', {}],
  ])('is not found for %s', (_, properties) => {
    expect(foundIn(properties)).toEqual([]);
  });

  it('is found in a statement about an index, a stream of a log group, and a dimension', () => {
    const found = findNamedByText({
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'rows' } },
      Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/lambda/work' } },
      Work: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'work' } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            { Resource: 'arn:aws:dynamodb:x:1:table/rows/index/byName' },
            { Resource: arnOf('log-group:/aws/lambda/work:*') },
          ],
        },
      },
      Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Dimensions: [{ Name: 'FunctionName', Value: 'work' }] } },
    });
    expect(found.map((each) => [each.in, each.names])).toEqual([
      ['Role', 'Table'],
      ['Role', 'Log'],
      ['Role', 'Work'],
      ['Alarm', 'Work'],
    ]);
  });
});
