import { startDynamodbEmbedded } from '@posthorn/local-dynamodb/server';
import { findDynamodbLocal } from './local.ts';
import type { Server, StartServer } from './store.ts';

// The SDK loses members named `__proto__`, and sends no null, so these requests are texts.

const startLocal = await findDynamodbLocal(false);
const stores: readonly (readonly [name: string, start: StartServer])[] = [
  ['the embedded store', () => startDynamodbEmbedded({})],
  ...(startLocal === undefined ? [] : [['DynamoDB Local', startLocal] as const]),
];

const signature =
  'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=a';

/** Makes the text of a value the same for any order of its members. */
const inOrder = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  return Object.entries(value)
    .map(([name, member]) => [name, inOrder(member)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
};
const same = (text: string): string => JSON.stringify(inOrder(JSON.parse(text)));

/** Names of attributes of which the second index is made. */
const [key, other] = ['constructor', '__proto__'];
const table =
  '{"TableName":"items","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"id",' +
  `"AttributeType":"S"},{"AttributeName":"${key}","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":` +
  `"HASH"}],"GlobalSecondaryIndexes":[{"IndexName":"toString","KeySchema":[{"AttributeName":"${key}","KeyType":` +
  `"HASH"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["${other}","valueOf"]}}]}`;

describe.each(stores)('%s', (_, start) => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
    await send('CreateTable', table);
  });
  afterAll(() => server.stop());

  async function send(operation: string, body: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(server.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-date': '20260101T000000Z',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        authorization: signature,
      },
      body,
    });
    return { status: response.status, text: await response.text() };
  }

  async function answerTo(operation: string, members: string): Promise<string> {
    const { text } = await send(operation, `{"TableName":"items",${members}}`);
    return same(text);
  }
  const put = (item: string) => answerTo('PutItem', `"Item":{"id":{"S":"a"}${item && ','}${item}}`);
  const get = () => answerTo('GetItem', '"Key":{"id":{"S":"a"}}');
  const update = (expression: string, names: string, more = '') =>
    answerTo(
      'UpdateItem',
      `"Key":{"id":{"S":"a"}},"ReturnValues":"ALL_NEW","UpdateExpression":"${expression}",` +
        `"ExpressionAttributeNames":${names}${more && ','}${more}`,
    );
  const withX = '"ExpressionAttributeValues":{":x":{"S":"x"}}';
  const id = '"id":{"S":"a"}';

  describe('names that every object of JavaScript has', () => {
    it('are ordinary names of attributes', async () => {
      const item = '"__proto__":{"S":"p"},"constructor":{"S":"c"},"hasOwnProperty":{"BOOL":true}';
      await put(item);
      expect(await get()).toBe(same(`{"Item":{${id},${item}}}`));
    });

    it('are ordinary names in maps, at any depth, beside sets', async () => {
      const item =
        '"m":{"M":{"__proto__":{"M":{"valueOf":{"SS":["a"]},"__proto__":{"L":[{"M":{"__proto__":{"N":"1"}}}]}}}}}';
      await put(item);
      expect(await get()).toBe(same(`{"Item":{${id},${item}}}`));
    });

    it.each(['__proto__', 'toString', 'valueOf'])(
      'can be set, read and removed as %s by a placeholder',
      async (name) => {
        await put('"m":{"M":{}}');
        const names = `{"#n":"${name}"}`;
        const all = (own: string, inMap: string) => same(`{"Attributes":{${id},"m":{"M":{${inMap}}}${own}}}`);
        const member = `"${name}":{"S":"x"}`;
        expect(await update('SET #n = :x', names, withX)).toBe(all(`,${member}`, ''));
        expect(await update('SET m.#n = #n', names)).toBe(all(`,${member}`, member));
        expect(await update('REMOVE #n', names)).toBe(all('', member));
        const found = await answerTo(
          'GetItem',
          `"Key":{"id":{"S":"a"}},"ProjectionExpression":"m.#n","ExpressionAttributeNames":${names}`,
        );
        expect(found).toBe(same(`{"Item":{"m":{"M":{${member}}}}}`));
        const if_ = (condition: string) => update('REMOVE m.#n', names, `"ConditionExpression":"${condition}"`);
        expect(await if_('attribute_exists(#n)')).toContain('ConditionalCheckFailedException');
        expect(await if_('attribute_not_exists(#n) AND attribute_exists(m.#n)')).toBe(all('', ''));
      },
    );

    it('are missing if the item does not have them', async () => {
      await put('');
      expect(await update('SET y = #n', '{"#n":"valueOf"}')).toContain('does not exist in the item');
      expect(await update('SET y = if_not_exists(#n, :x)', '{"#n":"__proto__"}', withX)).toBe(
        same(`{"Attributes":{${id},"y":{"S":"x"}}}`),
      );
      expect(await update('SET #n.y = :x', '{"#n":"valueOf"}', withX)).toContain('document path provided');
    });

    it('can be keys of an index, and projected', async () => {
      const item = `${id},"${key}":{"S":"k"},"${other}":{"S":"p"},"valueOf":{"N":"7"}`;
      await put(item.slice(id.length + 1));
      const found = await answerTo(
        'Query',
        `"IndexName":"toString","KeyConditionExpression":"#k = :k","ExpressionAttributeNames":{"#k":"${key}"},` +
          '"ExpressionAttributeValues":{":k":{"S":"k"}}',
      );
      expect(found).toBe(same(`{"Items":[{${item}}],"Count":1,"ScannedCount":1}`));
      expect(await update('REMOVE #k', `{"#k":"${key}"}`)).toBe(
        same(`{"Attributes":{${id},"${other}":{"S":"p"},"valueOf":{"N":"7"}}}`),
      );
    });

    it('work in the older forms of conditions, filters and updates', async () => {
      await put('"__proto__":{"S":"p"}');
      const refused = await answerTo('PutItem', `"Item":{${id}},"Expected":{"__proto__":{"Exists":false}}`);
      expect(refused).toContain('ConditionalCheckFailedException');
      const wanted = '"__proto__":{"ComparisonOperator":"NOT_NULL"},"toString":{"ComparisonOperator":"NULL"}';
      expect(await answerTo('Scan', `"Select":"COUNT","ScanFilter":{${wanted}}`)).toBe(
        same('{"Count":1,"ScannedCount":1}'),
      );
      const updates = '"__proto__":{"Action":"DELETE"},"valueOf":{"Action":"ADD","Value":{"N":"1"}}';
      expect(
        await answerTo('UpdateItem', `"Key":{${id}},"ReturnValues":"ALL_NEW","AttributeUpdates":{${updates}}`),
      ).toBe(same(`{"Attributes":{${id},"valueOf":{"N":"1"}}}`));
    });

    it('are no names of tables that exist', async () => {
      for (const name of ['__proto__', 'constructor'])
        expect((await send('BatchGetItem', `{"RequestItems":{"${name}":{"Keys":[{${id}}]}}}`)).text).toContain(
          'ResourceNotFoundException',
        );
    });
  });

  const noValue = 'The supplied Item contains a null AttributeValue';
  it.each([
    ['{"L":[null]}', noValue],
    ['{"L":[{"S":"a"},{"L":[{"M":{"a":{"L":[null]}}}]}]}', noValue],
    ['{"M":{"a":null}}', `${noValue}: a is null`],
    ['null', `${noValue}: x is null`],
    ['{"SS":["a",null]}', 'An string set may not have a null string as a member'],
    ['{"NS":[null]}', 'A value provided cannot be converted into a number'],
    ['{"BS":[null]}', noValue],
    ['{"S":null}', 'Supplied AttributeValue is empty'],
    ['{"__proto__":{"S":"a"}}', 'Supplied AttributeValue is empty'],
    ['{"constructor":"a"}', 'Supplied AttributeValue is empty'],
  ])('refuses the value %s', async (value, message) => {
    const { status, text } = await send('PutItem', `{"TableName":"items","Item":{${id},"x":${value}}}`);
    expect([status, text]).toEqual([400, expect.stringMatching(/#ValidationException/)]);
    expect(text).toContain(message);
  });

  it.each([
    [
      'UpdateItem',
      `"TableName":"items","Key":{${id}},"UpdateExpression":"SET a = :a","ExpressionAttributeValues":{":a":null}`,
    ],
    [
      'UpdateItem',
      `"TableName":"items","Key":{${id}},"UpdateExpression":"SET a = :a","ExpressionAttributeValues":{":a":{"L":[null]}}`,
    ],
    ['GetItem', '"TableName":"items","Key":{"id":null}'],
    ['GetItem', `"TableName":"items","Key":{${id}},"ProjectionExpression":"#a","ExpressionAttributeNames":{"#a":null}`],
    ['BatchGetItem', '"RequestItems":{"items":{"Keys":[null]}}'],
    ['BatchWriteItem', '"RequestItems":{"items":[null]}'],
    ['BatchWriteItem', '"RequestItems":{"items":null}'],
    ['Query', '"TableName":"items","KeyConditions":{"id":null}'],
    ['Query', '"TableName":"items","KeyConditions":{"id":{"ComparisonOperator":"EQ","AttributeValueList":[null]}}'],
    [
      'CreateTable',
      '"TableName":"others","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[null],"KeySchema":[null]',
    ],
  ])('refuses null in %s {%s}', async (operation, members) => {
    const { status, text } = await send(operation, `{${members}}`);
    expect([status, text]).toEqual([400, expect.stringMatching(/#ValidationException/)]);
  });
});
