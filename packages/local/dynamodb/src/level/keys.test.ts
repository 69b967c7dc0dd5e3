import db from 'dynalite/db/index.js';
import fc from 'fast-check';
import { indexKey, itemKey } from './keys.ts';

const layout = (types: readonly ('S' | 'N' | 'B')[]) => ({
  KeySchema: types.map((_, place) => ({
    AttributeName: `key${place}`,
    KeyType: place === 0 ? ('HASH' as const) : ('RANGE' as const),
  })),
  AttributeDefinitions: types.map((AttributeType, place) => ({ AttributeName: `key${place}`, AttributeType })),
});
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', 'a\udfffb', '\u0000'));
const value = { S: text, N: fc.integer().map(String), B: fc.constantFrom('AAE=', '/w==') };

const hasEmptyKey = (item: object): boolean => Object.values(item).some(({ S }) => S === '');

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
        const key = db.createKey(keyed, table);
        expect(itemKey(keyed, { description })).toBe(key);
        const index = { id: '1', kind: 'Global', name: 'index', schema: table.KeySchema } as const;
        const own = { id: '2', description, indexIds: {}, tags: {} };
        expect(indexKey(keyed, own, index, 'own')).toBe(hasEmptyKey(keyed) ? undefined : `${key}own`);
      }),
    );
  },
);
