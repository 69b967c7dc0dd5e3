import db from 'dynalite/db/index.js';
import fc from 'fast-check';
import { itemKey } from './keys.ts';

const layout = (types: readonly ('S' | 'N' | 'B')[]) => ({
  KeySchema: types.map((_, place) => ({
    AttributeName: `key${place}`,
    KeyType: place === 0 ? ('HASH' as const) : ('RANGE' as const),
  })),
  AttributeDefinitions: types.map((AttributeType, place) => ({ AttributeName: `key${place}`, AttributeType })),
});
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', 'a\udfffb', '\u0000'));
const value = { S: text, N: fc.integer().map(String), B: fc.constantFrom('AAE=', '/w==') };

it.each([[['S']], [['S', 'S']], [['S', 'N']], [['N', 'S']], [['B', 'B']]] as const)(
  'has the form that folders of earlier versions have: %j',
  (types) => {
    const table = layout(types);
    const description = {
      ...table,
      TableName: 'items',
      TableArn: '',
      TableStatus: 'ACTIVE',
      DeletionProtectionEnabled: false,
    } as const;
    const item = fc.tuple(...types.map((type) => value[type].map((content) => ({ [type]: content }))));
    fc.assert(
      fc.property(item, (values) => {
        const keyed = Object.fromEntries(values.map((own, place) => [`key${place}`, own]));
        expect(itemKey(keyed, { description })).toBe(db.createKey(keyed, table));
      }),
    );
  },
);
