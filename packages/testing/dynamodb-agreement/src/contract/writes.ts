import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { b, type Contract, filler, n, rangeTable, s } from './contract.ts';

const conditionFailed = { name: 'ConditionalCheckFailedException', message: 'The conditional request failed' };

/** PutItem, GetItem and DeleteItem, their conditions and what they return. */
export function writePromises({ store, createTable, put }: Contract): void {
  const get = async (TableName: string, Key: Record<string, AttributeValue>) =>
    (await store().dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;

  it('returns every type as it was written', async () => {
    const table = await createTable();
    const item = {
      id: s('1'),
      text: s('é \u{1F600}'),
      empty: s(''),
      bytes: b(0, 255),
      yes: { BOOL: true },
      nothing: { NULL: true as const },
      list: { L: [s('a'), { M: { deep: { L: [] } } }] },
      map: { M: { 'x y': n(1) } },
      texts: { SS: ['a', 'b'] },
      numbers: { NS: ['1', '2'] },
    };
    await put(table, item);
    const found = await get(table, { id: s('1') });
    expect({ ...found, texts: { SS: found?.texts?.SS?.sort() }, numbers: { NS: found?.numbers?.NS?.sort() } }).toEqual(
      item,
    );
  });

  it.each([
    ['1.0', '1'],
    ['1e3', '1000'],
    ['-0', '0'],
    ['00.50', '0.5'],
    ['-1.50', '-1.5'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
  ])('writes the number %s as %s', async (given, kept) => {
    const table = await createTable();
    await put(table, { id: s('1'), number: n(given) });
    expect((await get(table, { id: s('1') }))?.number).toEqual(n(kept));
  });

  it.each(['123456789012345678901234567890123456789', '1e126', '1e-131', 'one', ''])(
    'refuses the number %j',
    async (number) => {
      const table = await createTable();
      await expect(put(table, { id: s('1'), number: n(number) })).rejects.toMatchObject({
        name: 'ValidationException',
      });
    },
  );

  it('replaces the whole item', async () => {
    const table = await createTable();
    await put(table, { id: s('1'), a: n(1) }, { id: s('1'), b: n(2) });
    expect(await get(table, { id: s('1') })).toEqual({ id: s('1'), b: n(2) });
  });

  it('compares number keys by value', async () => {
    const table = await createTable(rangeTable('N'));
    await put(table, { id: s('1'), pos: n('1.0') }, { id: s('1'), pos: n('1'), second: n(2) });
    expect(await get(table, { id: s('1'), pos: n('1e0') })).toEqual({ id: s('1'), pos: n(1), second: n(2) });
  });

  it('returns no Item for a missing key', async () => {
    expect(await get(await createTable(), { id: s('1') })).toBeUndefined();
  });

  it('returns only the projected paths of an item', async () => {
    const TableName = await createTable();
    await put(TableName, {
      id: s('1'),
      map: { M: { a: n(1), b: n(2) } },
      list: { L: [n(0), n(1), n(2)] },
      other: n(9),
    });
    const { Item } = await store().dynamodb.send(
      new GetItemCommand({
        TableName,
        Key: { id: s('1') },
        ProjectionExpression: '#m.b, #l[2], missing_one, #l[0]',
        ExpressionAttributeNames: { '#m': 'map', '#l': 'list' },
      }),
    );
    expect(Item).toEqual({ map: { M: { b: n(2) } }, list: { L: [n(0), n(2)] } });
  });

  it('inserts only once with a condition', async () => {
    const TableName = await createTable();
    const insert = (a: number) =>
      store().dynamodb.send(
        new PutItemCommand({
          TableName,
          Item: { id: s('1'), a: n(a) },
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      );
    await insert(1);
    await expect(insert(2)).rejects.toMatchObject(conditionFailed);
    expect(await get(TableName, { id: s('1') })).toEqual({ id: s('1'), a: n(1) });
  });

  it('returns the item whose condition failed, on request', async () => {
    const TableName = await createTable();
    await put(TableName, { id: s('1'), a: n(1) });
    const failing = { TableName, ConditionExpression: 'a = :a', ExpressionAttributeValues: { ':a': n(2) } };
    const asked = { ...failing, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
    const Key = { id: s('1') };
    const Item = { id: s('1'), a: n(1) };
    const { dynamodb } = store();
    await expect(dynamodb.send(new PutItemCommand({ ...asked, Item: Key }))).rejects.toMatchObject({
      ...conditionFailed,
      Item,
    });
    await expect(dynamodb.send(new DeleteItemCommand({ ...asked, Key }))).rejects.toMatchObject({
      ...conditionFailed,
      Item,
    });
    const update = { Key, UpdateExpression: 'SET c = :a' };
    await expect(dynamodb.send(new UpdateItemCommand({ ...asked, ...update }))).rejects.toMatchObject({
      ...conditionFailed,
      Item,
    });
    const silent = await dynamodb.send(new DeleteItemCommand({ ...failing, Key })).catch((error) => error);
    expect(silent.Item).toBeUndefined();
    const nothingThere = await dynamodb
      .send(new DeleteItemCommand({ ...asked, Key: { id: s('2') } }))
      .catch((error) => error);
    expect(nothingThere).toMatchObject(conditionFailed);
    expect(nothingThere.Item).toBeUndefined();
  });

  it('returns the item that a put or delete replaced, on request', async () => {
    const TableName = await createTable();
    const { dynamodb } = store();
    const ReturnValues = 'ALL_OLD';
    const first = await dynamodb.send(new PutItemCommand({ TableName, Item: { id: s('1'), a: n(1) }, ReturnValues }));
    expect(first.Attributes).toBeUndefined();
    const second = await dynamodb.send(new PutItemCommand({ TableName, Item: { id: s('1'), a: n(2) }, ReturnValues }));
    expect(second.Attributes).toEqual({ id: s('1'), a: n(1) });
    const third = await dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: s('1') }, ReturnValues }));
    expect(third.Attributes).toEqual({ id: s('1'), a: n(2) });
    const fourth = await dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: s('1') }, ReturnValues }));
    expect(fourth.Attributes).toBeUndefined();
  });

  it('refuses to return new values of a put', async () => {
    const TableName = await createTable();
    await expect(
      store().dynamodb.send(new PutItemCommand({ TableName, Item: { id: s('1') }, ReturnValues: 'ALL_NEW' })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it.each([
    ['without its key', { other: s('1') }],
    ['with a key of another type', { id: n(1) }],
    ['with an empty key', { id: s('') }],
    ['with a hash key over 2,048 bytes', { id: filler(2049) }],
    ['with a hash key over 2,048 bytes in UTF-8', { id: s('é'.repeat(1_025)) }],
    ['with an empty set', { id: s('1'), set: { SS: [] } }],
    ['with the same member twice in a set', { id: s('1'), set: { NS: ['1', '1.0'] } }],
    ['over 400 KB', { id: s('1'), a: filler(409_600 - 2 - 1 - 1 + 1) }],
  ])('refuses an item %s', async (_what, item) => {
    await expect(put(await createTable(), item as Record<string, AttributeValue>)).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('accepts an item of 400 KB', async () => {
    const table = await createTable();
    const item = { id: s('1'), a: filler(409_600 - 2 - 1 - 1) };
    await put(table, item);
    expect(await get(table, { id: s('1') })).toEqual(item);
  });

  it('refuses a range key over 1,024 bytes', async () => {
    const table = await createTable(rangeTable('S'));
    await put(table, { id: s('1'), pos: filler(1024) });
    for (const pos of [filler(1025), s('é'.repeat(513))])
      await expect(put(table, { id: s('1'), pos })).rejects.toMatchObject({ name: 'ValidationException' });
  });
}

/** UpdateItem: its clauses and functions, and what it returns. */
export function updatePromises({ store, createTable, put }: Contract): void {
  const before = { id: s('1'), count: n(5), list: { L: [n(1)] }, map: { M: { a: n(1) } }, set: { SS: ['a', 'b'] } };

  const update = async (
    UpdateExpression: string,
    values: Record<string, AttributeValue> = {},
    more: Partial<UpdateItemCommandInput> = {},
  ) => {
    const TableName = await createTable();
    await put(TableName, before);
    const { Attributes } = await store().dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: s('1') },
        UpdateExpression,
        ReturnValues: 'ALL_NEW',
        ...namesIn(UpdateExpression),
        ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
        ...more,
      }),
    );
    return Attributes;
  };

  it.each<[string, Record<string, AttributeValue>, Record<string, AttributeValue | undefined>]>([
    ['SET #count = #count + :v', { ':v': n('0.5') }, { count: n('5.5') }],
    ['SET #count = :v - #count', { ':v': n(1) }, { count: n(-4) }],
    ['SET a = if_not_exists(a, :v), #count = if_not_exists(#count, :v)', { ':v': n(1) }, { a: n(1) }],
    ['SET #list = list_append(#list, :v)', { ':v': { L: [n(2)] } }, { list: { L: [n(1), n(2)] } }],
    ['SET #list = list_append(:v, #list)', { ':v': { L: [n(0)] } }, { list: { L: [n(0), n(1)] } }],
    ['SET #list[9] = :v', { ':v': n(2) }, { list: { L: [n(1), n(2)] } }],
    ['SET #map.b = :v', { ':v': n(2) }, { map: { M: { a: n(1), b: n(2) } } }],
    ['SET a = #count, #count = :v', { ':v': n(1) }, { a: n(5), count: n(1) }],
    ['REMOVE #list[0], #map.a, #count', {}, { list: { L: [] }, map: { M: {} }, count: undefined }],
    ['REMOVE missing_one', {}, {}],
    ['ADD #count :v, a :v', { ':v': n(2) }, { count: n(7), a: n(2) }],
    ['ADD #set :v', { ':v': { SS: ['b', 'c'] } }, { set: { SS: ['a', 'b', 'c'] } }],
    ['DELETE #set :v', { ':v': { SS: ['b', 'c'] } }, { set: { SS: ['a'] } }],
    ['DELETE #set :v', { ':v': { SS: ['a', 'b'] } }, { set: undefined }],
    ['SET a = :v REMOVE #list ADD #count :v', { ':v': n(1) }, { a: n(1), list: undefined, count: n(6) }],
  ])('does %s', async (expression, values, changed) => {
    const after = await update(expression, values);
    const wanted = Object.fromEntries(
      Object.entries({ ...before, ...changed }).filter(([, value]) => value !== undefined),
    );
    expect({ ...after, ...(after?.set?.SS ? { set: { SS: after.set.SS.sort() } } : {}) }).toEqual(wanted);
  });

  it('removes several elements of a list by their old positions', async () => {
    const TableName = await createTable();
    await put(TableName, { id: s('1'), list: { L: [n(0), n(1), n(2), n(3)] } });
    const { Attributes } = await store().dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: s('1') },
        UpdateExpression: 'REMOVE #l[0], #l[2]',
        ExpressionAttributeNames: { '#l': 'list' },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(Attributes?.list).toEqual({ L: [n(1), n(3)] });
  });

  it.each<[string, Record<string, AttributeValue>, string]>([
    [
      'SET a = if_not_exists(#count, missing_one)',
      {},
      'The provided expression refers to an attribute that does not exist in the item',
    ],
    [
      'ADD a :v',
      { ':v': s('x') },
      'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND',
    ],
    ['SET a = missing_one', {}, 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET a.b = :v', { ':v': n(1) }, 'The document path provided in the update expression is invalid for update'],
    ['SET #count = #list + :v', { ':v': n(1) }, 'An operand in the update expression has an incorrect data type'],
    ['ADD #list :v', { ':v': n(1) }, 'An operand in the update expression has an incorrect data type'],
    [
      'SET a = :v, a = :v',
      { ':v': n(1) },
      'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]',
    ],
    [
      'SET id = :v',
      { ':v': s('2') },
      'One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key',
    ],
    [
      'SET a = :v, b = :w',
      { ':v': n(1) },
      'Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :w',
    ],
    [
      'SET a = :v',
      { ':v': n(1), ':w': n(2) },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}',
    ],
    [
      'SET status = :v',
      { ':v': n(1) },
      'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status',
    ],
  ])('refuses %s', async (expression, values, message) => {
    await expect(update(expression, values)).rejects.toMatchObject({ name: 'ValidationException', message });
  });

  it('creates a missing item', async () => {
    const created = await update('SET a = :v', { ':v': n(1) }, { Key: { id: s('2') } });
    expect(created).toEqual({ id: s('2'), a: n(1) });
  });

  it.each([
    ['NONE', undefined],
    ['ALL_OLD', before],
    ['UPDATED_OLD', { count: n(5), map: { M: { a: n(1) } } }],
    ['ALL_NEW', { ...before, count: n(6), map: { M: { a: n(2) } }, a: n(2) }],
    ['UPDATED_NEW', { count: n(6), map: { M: { a: n(2) } }, a: n(2) }],
  ] as const)('returns %s', async (ReturnValues, wanted) => {
    const expression = 'SET #map.a = :v, a = :v ADD #count :w';
    const returned = await update(expression, { ':v': n(2), ':w': n(1) }, { ReturnValues });
    expect(returned && 'set' in returned ? { ...returned, set: { SS: returned.set?.SS?.sort() } } : returned).toEqual(
      wanted,
    );
  });

  it('changes nothing if the condition is not met', async () => {
    await expect(
      update('SET #count = :v', { ':v': n(9) }, { ConditionExpression: '#count = :v' }),
    ).rejects.toMatchObject(conditionFailed);
  });
}

/** The name placeholders of an expression: `#count` means the attribute `count`. */
function namesIn(expression: string): { ExpressionAttributeNames?: Record<string, string> } {
  const names = [...new Set(expression.match(/#\w+/g) ?? [])].map((name) => [name, name.slice(1)]);
  return names.length > 0 ? { ExpressionAttributeNames: Object.fromEntries(names) } : {};
}
