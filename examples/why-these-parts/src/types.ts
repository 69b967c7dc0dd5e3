import {
  CreateTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { refusalOf, say, startLocalTables } from './local-tables.ts';

const { client, stop } = await startLocalTables();
const TableName = 'prices';

await client.send(
  new CreateTableCommand({
    TableName,
    AttributeDefinitions: [
      { AttributeName: 'shop', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'shop', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  }),
);

const put = (at: string, price: string) =>
  client.send(new PutItemCommand({ TableName, Item: { shop: { S: 'a' }, at: { S: at }, price: { N: price } } }));

// Numbers travel as text, so what JavaScript cannot hold is kept.
const exact = '12345678901234567890.123456789012345678'; // 38 digits
await put('2026-11-27T08:00:00.000Z', exact);
const key = { shop: { S: 'a' }, at: { S: '2026-11-27T08:00:00.000Z' } };
const { Item = {} } = await client.send(new GetItemCommand({ TableName, Key: key }));
say(`kept: ${Item.price?.N === exact}`);
say(`as a number of JavaScript: ${Number(Item.price?.N)}`);
say(`with wrapNumbers: ${unmarshall(Item, { wrapNumbers: true }).price.value}`);
say(`39 digits: ${await refusalOf(put('x', `${exact}9`))}`);

// There is no type for dates. Text in this form sorts as the times do.
const refusedDate = await refusalOf((async () => marshall({ at: new Date(0) }))());
say(`a date: ${refusedDate.split(': ')[1]}`);
await put('2026-11-27T09:30:00.000Z', '2');
const morning = {
  TableName,
  KeyConditionExpression: 'shop = :shop AND #at BETWEEN :from AND :to',
  ExpressionAttributeNames: { '#at': 'at' },
  ExpressionAttributeValues: { ':shop': { S: 'a' }, ':from': { S: '2026-11-27T09' }, ':to': { S: '2026-11-27T10' } },
};
const { Items = [] } = await client.send(new QueryCommand(morning));
say(`from nine to ten: ${Items.map(({ at }) => at?.S)}`);

// A query needs the whole partition key. Nothing plans a way round that.
const anyShop = {
  TableName,
  KeyConditionExpression: 'price > :price',
  ExpressionAttributeValues: { ':price': { N: '1' } },
};
say(`without the key: ${await refusalOf(client.send(new QueryCommand(anyShop)))}`);

// All writes of a transaction are known when it begins. Nothing can be read in between.
const tooMany = Array.from({ length: 101 }, (_, n) => ({
  Put: { TableName, Item: { shop: { S: 'b' }, at: { S: String(n) } } },
}));
const refusal = await refusalOf(client.send(new TransactWriteItemsCommand({ TransactItems: tooMany })));
say(`101 items: ${refusal.split('constraint: ')[1]}`);

const large = { shop: { S: 'c' }, at: { S: '1' }, text: { S: 'x'.repeat(400 * 1024) } };
say(`400 KB of text: ${await refusalOf(client.send(new PutItemCommand({ TableName, Item: large })))}`);
await stop();
