import * as fc from 'fast-check';
import { dynamodbOrderStore } from '../dynamodb/dynamodb-order-store.ts';
import { startTable, tableName } from '../dynamodb/testing/start-table.ts';
import { memoryOrderStore } from './memory-order-store.ts';
import { createOrderCheck, type OrderStore, type Position } from './order-check.ts';

const { jest } = import.meta;

let table: Awaited<ReturnType<typeof startTable>>;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

const stores: Readonly<Record<string, () => OrderStore>> = {
  memory: () => memoryOrderStore(),
  DynamoDB: () => dynamodbOrderStore({ client: table.client, tableName }),
};

describe.each(Object.entries(stores))('the order of messages, in %s', (name, open) => {
  it('is newer, the same again, or older than what came before, for each key', async () => {
    const checkOrder = createOrderCheck(open());
    expect(await checkOrder('key', 9)).toBe('newer');
    expect(await checkOrder('key', 9)).toBe('same');
    expect(await checkOrder('key', 10)).toBe('newer');
    expect(await checkOrder('key', 9)).toBe('older');
    expect(await checkOrder('key', 10n)).toBe('same');
    expect(await checkOrder('other key', 0)).toBe('newer');
    expect(await checkOrder('key', 1_234_567_890_123_456_789_012_345_678_901_234_567_890n)).toBe('newer');
    expect(await checkOrder('key', Number.MAX_SAFE_INTEGER)).toBe('older');
  });

  it('is its own for each scope of a shared store', async () => {
    const store = open();
    const billing = createOrderCheck(store, { scope: 'billing' });
    const shipping = createOrderCheck(store, { scope: 'shipping' });
    expect(await billing('scoped', 9)).toBe('newer');
    expect(await shipping('scoped', 8)).toBe('newer');
    expect(await createOrderCheck(store)('@billing scoped', 7)).toBe('newer');
    expect(await billing('scoped', 8)).toBe('older');
  });

  it('is newer for one of many that have the same position at the same time', async () => {
    const checkOrder = createOrderCheck(open());
    const orders = await Promise.all(Array.from({ length: 50 }, () => checkOrder('raced', 1)));
    expect(orders.sort()).toEqual(['newer', ...Array<string>(49).fill('same')]);
  });

  it('follows the greatest position', async () => {
    const checkOrder = createOrderCheck(open());
    let runs = 0;
    const aPosition = fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.nat(20).map(BigInt));
    await fc.assert(
      fc.asyncProperty(fc.array(aPosition, { minLength: 1, maxLength: 20 }), async (positions) => {
        runs += 1;
        let greatest = -1n;
        for (const position of positions) {
          const expected = position > greatest ? 'newer' : position === greatest ? 'same' : 'older';
          expect(await checkOrder(`${name} ${runs}`, position)).toBe(expected);
          if (position > greatest) greatest = position;
        }
      }),
      { numRuns: 20 },
    );
  });
});

it.each<Position>([-1, -1n, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY, 10n ** 99n])(
  'refuses the position %s',
  async (position) => {
    expect(() => createOrderCheck(memoryOrderStore())('key', position)).toThrow(RangeError);
  },
);

describe('a payload without a key or a position', () => {
  type Given = readonly [key: unknown, position: unknown];
  const positions = [undefined, null, '', 'abc', '9', '9.5', true, [9], {}, new Date(0), Symbol('nine')];
  const keys = [undefined, null, '', 7, 7n, true, ['key'], {}];

  it.each<Given>([...positions.map((position) => ['key', position] as const), ...keys.map((key) => [key, 9] as const)])(
    'is refused, and nothing is stored: the key %p and the position %p',
    async (key, position) => {
      for (const scope of [undefined, 'shipping']) {
        const store = memoryOrderStore();
        const advance = jest.spyOn(store, 'advance');
        const checkOrder = createOrderCheck(store, scope === undefined ? {} : { scope });
        // What JSON has, whatever the types say.
        expect(() => checkOrder(key as string, position as Position)).toThrow(RangeError);
        expect(advance).not.toHaveBeenCalled();
        expect(await checkOrder('key', 0)).toBe('newer');
      }
    },
  );

  it('is refused with a text that has nothing of the payload', () => {
    const checkOrder = createOrderCheck(memoryOrderStore());
    expect(() => checkOrder('key', '4111111111111111' as unknown as Position)).toThrow(/^[^\d]*Its type is string\.$/);
    expect(() => checkOrder(4_111_111 as unknown as string, 1)).toThrow(/^[^\d]*Its type is number\.$/);
    expect(() => checkOrder('', 1)).toThrow('The key is empty.');
  });
});

it('refuses a scope, and a time to keep positions, that make no sense', () => {
  expect(() => createOrderCheck(memoryOrderStore(), { scope: 'two words' })).toThrow(RangeError);
  expect(() => dynamodbOrderStore({ client: table.client, tableName, keepSeconds: 0 })).toThrow(RangeError);
});

it('forgets in memory the key that was checked longest ago', async () => {
  const checkOrder = createOrderCheck(memoryOrderStore({ maxKeys: 2 }));
  await checkOrder('a', 5);
  await checkOrder('b', 5);
  await checkOrder('a', 4);
  await checkOrder('c', 5);
  expect(await checkOrder('a', 4)).toBe('older');
  expect(await checkOrder('b', 4)).toBe('newer');
});
