import { addUnits, askForCapacity, type Units } from './capacity.ts';

const none: ReadonlyMap<string, Units> = new Map();
const put = {
  action: 'PutItem',
  answer: {
    ConsumedCapacity: {
      TableName: 'attempts',
      CapacityUnits: 2,
      Table: { CapacityUnits: 1 },
      GlobalSecondaryIndexes: { byMessage: { CapacityUnits: 1 } },
    },
  },
};

it('adds up writes by table and index', () => {
  const sums = addUnits(addUnits(none, put), put);
  expect(Object.fromEntries(sums)).toEqual({
    attempts: { writes: 2, reads: 0 },
    'attempts/byMessage': { writes: 2, reads: 0 },
  });
});

it('adds up reads apart from writes, and each table of a batch', () => {
  const batch = {
    action: 'BatchGetItem',
    answer: {
      ConsumedCapacity: [
        { TableName: 'a', CapacityUnits: 0.5 },
        { TableName: 'b', CapacityUnits: 1 },
      ],
    },
  };
  expect(Object.fromEntries(addUnits(none, batch))).toEqual({
    a: { writes: 0, reads: 0.5 },
    b: { writes: 0, reads: 1 },
  });
});

it('counts nothing for a response without consumed capacity', () => {
  expect(addUnits(none, { action: 'GetRecords', answer: {} }).size).toBe(0);
  expect(askForCapacity('GetRecords', { a: 1 })).toEqual({ a: 1 });
  expect(askForCapacity('Query', { a: 1 })).toEqual({ a: 1, ReturnConsumedCapacity: 'INDEXES' });
});
