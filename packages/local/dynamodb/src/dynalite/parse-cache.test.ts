import { checkRequest } from './requests.ts';

const put = (ConditionExpression: string, values: object, names: object | undefined = undefined) =>
  checkRequest('PutItem', {
    TableName: 'items',
    Item: { id: { S: 'a' } },
    ConditionExpression,
    ExpressionAttributeValues: values,
    ...(names && { ExpressionAttributeNames: names }),
  })._condition;

it('puts the values of each request into an expression that was parsed before', () => {
  const first = put('a = :v AND b.c[1] < :w', { ':v': { S: 'x' }, ':w': { N: '1' } });
  const second = put('a = :v AND b.c[1] < :w', { ':v': { S: 'y' }, ':w': { N: '2' } });
  expect(JSON.stringify(second)).toBe(JSON.stringify(first).replace('"x"', '"y"').replace('"1"', '"2"'));
});

it('tells expressions apart by their names, and by the types of their values', () => {
  expect(put('#a = :v', { ':v': { S: 'x' } }, { '#a': 'one' })).toMatchObject({
    expression: { args: [['one'], { S: 'x' }] },
  });
  expect(put('#a = :v', { ':v': { S: 'x' } }, { '#a': 'two' })).toMatchObject({
    expression: { args: [['two'], { S: 'x' }] },
  });
  expect(put('begins_with(a, :v)', { ':v': { S: 'x' } })).toBeDefined();
  expect(() => put('begins_with(a, :v)', { ':v': { N: '1' } })).toThrow('Incorrect operand type');
});

it('checks what depends on values each time', () => {
  const between = (from: string, to: string) => put('a BETWEEN :v AND :w', { ':v': { N: from }, ':w': { N: to } });
  expect(between('1', '2')).toBeDefined();
  expect(() => between('2', '1')).toThrow('upper bound');
  expect(put('attribute_type(a, :v)', { ':v': { S: 'N' } })).toBeDefined();
  expect(() => put('attribute_type(a, :v)', { ':v': { S: 'X' } })).toThrow('Invalid attribute type name');
});

it('finds unused placeholders each time', () => {
  const both = { ':v': { S: 'x' }, ':unused': { S: 'x' } };
  expect(put('a = :v', { ':v': { S: 'x' } })).toBeDefined();
  for (const _ of [1, 2]) expect(() => put('a = :v', both)).toThrow('unused in expressions: keys: {:unused}');
});

it('keeps values apart that are one object', () => {
  const same = { S: 'x' };
  put('a = :v AND b = :w', { ':v': same, ':w': same });
  const parsed = put('a = :v AND b = :w', { ':v': { S: '1' }, ':w': { S: '2' } });
  expect(parsed).toMatchObject({
    expression: { args: [{ args: [['a'], { S: '1' }] }, { args: [['b'], { S: '2' }] }] },
  });
});
