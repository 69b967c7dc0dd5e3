import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { b, type Contract, n, s } from './contract.ts';

type Values = Record<string, AttributeValue>;

const item = {
  id: s('1'),
  text: s('abc'),
  five: n(5),
  bytes: b(1, 2, 3),
  list: { L: [s('a'), n(1)] },
  map: { M: { core: s('x') } },
  texts: { SS: ['a', 'b'] },
  numbers: { NS: ['1', '2'] },
  yes: { BOOL: true },
  nothing: { NULL: true as const },
};

/** Every operator and function of conditions and filters. */
export function conditionPromises({ store, createTable, put }: Contract): void {
  let table = '';
  beforeAll(async () => {
    table = await createTable();
    await put(table, item);
  });

  const holds = async (FilterExpression: string, ExpressionAttributeValues?: Values) => {
    const { Count } = await store().dynamodb.send(
      new ScanCommand({
        TableName: table,
        FilterExpression: FilterExpression.replaceAll(/\b(text|list|map|bytes)\b/g, '#$1'),
        ...namesFor(FilterExpression),
        ...(ExpressionAttributeValues === undefined ? {} : { ExpressionAttributeValues }),
      }),
    );
    return Count === 1;
  };

  it.each<[string, Values | undefined]>([
    ['five = :v', { ':v': n('5.0') }],
    ['five <> :v', { ':v': s('5') }],
    ['nowhere <> :v', { ':v': s('5') }],
    ['five < :v', { ':v': n(10) }],
    ['text > :v', { ':v': s('abb') }],
    ['bytes >= :v', { ':v': b(1, 2) }],
    ['five <= :v', { ':v': n(5) }],
    ['five BETWEEN :v AND :w', { ':v': n(5), ':w': n(6) }],
    ['text BETWEEN :v AND :w', { ':v': s('a'), ':w': s('\u{1F600}') }],
    [':v BETWEEN :w AND :x', { ':v': s('\u{10FFFF}'), ':w': s('\uFFFF'), ':x': s('\u{10FFFF}') }],
    ['NOT NOT five = :v', { ':v': n(5) }],
    ['NOT nowhere >= :v', { ':v': n(5) }],
    ['NOT nowhere > :v', { ':v': s('5') }],
    ['five IN (:v, :w)', { ':v': n(1), ':w': n(5) }],
    ['list = :v', { ':v': { L: [s('a'), n(1)] } }],
    ['map = :v', { ':v': { M: { core: s('x') } } }],
    ['texts = :v', { ':v': { SS: ['b', 'a'] } }],
    ['yes = :v', { ':v': { BOOL: true } }],
    ['attribute_exists(map.core)', undefined],
    ['attribute_exists(list[1])', undefined],
    ['attribute_not_exists(list[2])', undefined],
    ['attribute_not_exists(text.core)', undefined],
    ['attribute_type(nothing, :v)', { ':v': s('NULL') }],
    ['attribute_type(numbers, :v)', { ':v': s('NS') }],
    ['begins_with(text, :v)', { ':v': s('ab') }],
    ['begins_with(bytes, :v)', { ':v': b(1) }],
    ['contains(text, :v)', { ':v': s('bc') }],
    ['contains(list, :v)', { ':v': n(1) }],
    ['contains(texts, :v)', { ':v': s('b') }],
    ['contains(numbers, :v)', { ':v': n('2.0') }],
    ['contains(:v, text)', { ':v': s('xabcx') }],
    ['size(text) = :v', { ':v': n(3) }],
    ['size(list) = :v', { ':v': n(2) }],
    ['size(map) = :v', { ':v': n(1) }],
    ['size(bytes) > size(texts)', undefined],
    ['NOT five = :v', { ':v': n(6) }],
    ['NOT five < :v OR five = :w', { ':v': n(10), ':w': n(5) }],
    ['five = :v OR five = :w AND five = :v', { ':v': n(5), ':w': n(6) }],
    ['(five = :v OR five = :w) AND NOT (five = :w)', { ':v': n(5), ':w': n(6) }],
  ])('finds the item by %s', async (filter, values) => {
    expect(await holds(filter, values)).toBe(true);
  });

  it.each<[string, Values | undefined]>([
    ['five = :v', { ':v': s('5') }],
    ['nowhere = elsewhere', undefined],
    ['nowhere IN (elsewhere)', undefined],
    ['begins_with(nowhere, elsewhere)', undefined],
    ['nowhere = :v', { ':v': n(5) }],
    ['five < :v', { ':v': s('9') }],
    ['five > :v', { ':v': n(10) }],
    ['text BETWEEN :v AND :w', { ':v': s('b'), ':w': s('c') }],
    ['five IN (:v)', { ':v': s('5') }],
    ['attribute_exists(map.elsewhere)', undefined],
    ['attribute_type(text, :v)', { ':v': s('N') }],
    ['begins_with(text, :v)', { ':v': s('bc') }],
    ['begins_with(five, :v)', { ':v': s('5') }],
    ['contains(five, :v)', { ':v': n(5) }],
    ['contains(texts, :v)', { ':v': s('ab') }],
    ['size(five) > :v', { ':v': n(0) }],
    ['NOT attribute_exists(text)', undefined],
    ['five = :v OR five = :w AND five = :v', { ':v': n(6), ':w': n(5) }],
  ])('does not find the item by %s', async (filter, values) => {
    expect(await holds(filter, values)).toBe(false);
  });

  it.each<[string, string, Values | undefined]>([
    ['an empty filter', '', undefined],
    ['a syntax error', 'five =', undefined],
    ['an unknown function', 'likes(text, :v)', { ':v': s('a') }],
    ['a function with too few operands', 'begins_with(text)', undefined],
    ['size as a condition', 'size(text)', undefined],
    ['a comparison of an attribute with itself', 'five = five', undefined],
    ['strings in the wrong order of UTF-8', 'five BETWEEN :v AND :w', { ':v': s('\u{1F600}'), ':w': s('\uFFFF') }],
    ['an order of values that have none', 'five < :v', { ':v': { L: [] } }],
    ['an attribute in a list that contains it', 'five IN (five, :v)', { ':v': n(1) }],
    ['bounds in the wrong order', 'five BETWEEN :v AND :w', { ':v': n(2), ':w': n(1) }],
    ['an unknown type', 'attribute_type(five, :v)', { ':v': s('X') }],
    ['a prefix that is a number', 'begins_with(text, :v)', { ':v': n(1) }],
    ['a value that is not given', 'five = :v', { ':w': n(1) }],
  ])('refuses %s', async (_what, filter, values) => {
    await expect(holds(filter, values)).rejects.toMatchObject({ name: 'ValidationException' });
  });
}

// The names of these attributes are reserved words.
function namesFor(filter: string): { ExpressionAttributeNames?: Record<string, string> } {
  const names = [...new Set(filter.match(/\b(text|list|map|bytes)\b/g) ?? [])].map((name) => [`#${name}`, name]);
  return names.length > 0 ? { ExpressionAttributeNames: Object.fromEntries(names) } : {};
}
