import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';
import { toItem, toRow } from './row.ts';

const anyText = fc.string();
const anyBytes = fc.uint8Array({ maxLength: 9 });
const anyPlain = fc.oneof(anyText, fc.maxSafeInteger(), fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.boolean());
const anyList = fc.oneof(fc.array(anyPlain), fc.array(fc.dictionary(anyText, anyPlain)));
const anyRow = fc.dictionary(
  fc.string({ minLength: 1 }),
  fc.oneof(anyPlain, anyBytes, anyList, fc.dictionary(anyText, anyPlain), fc.constantFrom(null, undefined)),
);
const check = { seed: 1, numRuns: 500 };

describe('a row', () => {
  it('has the same form as with the conversion of the SDK, both ways', () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        const item = marshall(row, { removeUndefinedValues: true });
        expect(toItem(row)).toEqual(item);
        expect(toRow(item)).toEqual(unmarshall(item));
      }),
      check,
    );
  });

  it.each(['9007199254740993', '-9007199254740993', '1e300', '0.1', '1E2'])(
    'reads the number %s as the SDK does',
    (N) => {
      const read = (convert: typeof unmarshall) => {
        try {
          return convert({ n: { N } });
        } catch (error) {
          return String(error);
        }
      };
      expect(read(toRow as typeof unmarshall)).toEqual(read(unmarshall));
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses the number %d', (n) => {
    expect(() => toItem({ n })).toThrow();
  });
});
