import fc from 'fast-check';
import type { Table } from '../tables.ts';
import { type Pieces, separated } from './expression.ts';
import { mostlyGoodPath } from './paths.ts';

const mistake = fc.constantFrom<Pieces>([''], ['a,'], ['a a'], ['a, a'], ['d.a, d'], ['l[0], l[0].a'], ['d[0], d.a']);

/** Up to three paths, or no projection. Overlapping paths are refused. */
export const projection = (table: Table): fc.Arbitrary<Pieces | undefined> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constant(undefined) },
    {
      weight: 12,
      arbitrary: fc
        .uniqueArray(mostlyGoodPath(table), {
          minLength: 1,
          maxLength: 3,
          selector: (pieces) => JSON.stringify(pieces),
        })
        .map((list) => separated(list, ', ')),
    },
    { weight: 1, arbitrary: mistake },
  );
