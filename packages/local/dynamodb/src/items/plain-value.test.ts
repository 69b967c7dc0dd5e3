import validations from 'dynalite/validations/index.js';
import putItem from 'dynalite/validations/putItem.js';
import fc from 'fast-check';
import { checkTypes, type Types } from '../dynalite/check-types.ts';
import type { Item } from '../values.ts';
import { itemSize } from './item-size.ts';
import { plainItemSize, plainValueSize } from './plain-value.ts';

const number = fc.oneof(
  fc.integer().map(String),
  fc.bigInt().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('0', '-0', '007', '1.50', '-0.001', '1e3', '120000', '+7', ' 1', '', '9'.repeat(38), '9'.repeat(39)),
);
const base64 = fc.oneof(
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.constantFrom('AA=', 'AB==', '%%%%', 'AAAAA'),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.record({ S: fc.string({ unit: 'grapheme' }) }),
    fc.record({ N: number }),
    fc.record({ B: base64 }),
    fc.record({ BOOL: fc.oneof(fc.boolean(), fc.constant('true')) }),
    fc.record({ NULL: fc.boolean() }),
    fc.record({ SS: fc.array(fc.string()) }),
    fc.record({ L: fc.array(tie('value')) }),
    fc.record({ M: fc.dictionary(fc.string(), tie('value')) }),
    fc.constantFrom({}, { S: 'a', N: '1' }, { S: 1 }, { X: 'a' }, null, 'text', []),
  ),
}));

/** What dynalite makes of an item, or nothing if it rejects the item. */
function checkedByDynalite(item: object): unknown {
  const request = { TableName: 'items', Item: structuredClone(item) };
  try {
    const checked = checkTypes(request, putItem.types as Types);
    // The part of a store that the check reads.
    validations.checkValidations(checked, putItem.types, putItem.custom, { options: { maxItemSize: 400 * 1_024 } });
    return checked.Item;
  } catch {
    return undefined;
  }
}

it('takes for plain only what dynalite accepts and leaves as it is, and measures it', () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), value, { maxKeys: 3 }), (item) => {
      const size = plainItemSize(item);
      if (Number.isNaN(size)) return;
      plain += 1;
      expect(checkedByDynalite(item)).toEqual(item);
      // It is plain, so it is an item.
      expect(size).toBe(itemSize(item as Item));
    }),
    { numRuns: 3_000, seed: 5 },
  );
  expect(plain).toBeGreaterThan(300);
});

it.each([
  { S: 'text' },
  { N: '12.5' },
  { N: '-1300' },
  { B: 'AAE=' },
  { BOOL: false },
  { NULL: true },
  { L: [{ S: 'a' }] },
  { M: { a: { N: '0' } } },
])('takes %j for plain', (one) => {
  expect(plainValueSize(one)).toBe(itemSize({ '': one }));
});
