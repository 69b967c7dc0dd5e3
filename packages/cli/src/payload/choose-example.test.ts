import { chooseExample } from './choose-example.ts';

const schemas = {
  '1': { examples: [{ v: 1 }] },
  '10': { examples: [{ v: 10 }, { v: 11 }] },
  '9': { example: { v: 9 } },
};

it('takes the examples of the newest schema', () => {
  expect(chooseExample(schemas, undefined)).toEqual({ kind: 'given', value: { v: 10 } });
  expect(chooseExample(schemas, 1)).toEqual({ kind: 'given', value: { v: 11 } });
  expect(chooseExample(schemas, 2)).toEqual({ kind: 'absent', count: 2 });
});

it.each([
  [{ '1': { example: { a: 1 } } }, { kind: 'given', value: { a: 1 } }],
  [{ '1': { properties: { a: { type: 'null' } } } }, { kind: 'made', value: { a: null } }],
  [{ '1': { type: 'string' } }, { kind: 'not-an-object' }],
  [{}, { kind: 'no-schema' }],
  [null, { kind: 'no-schema' }],
])('of %j it is %j', (given, chosen) => {
  expect(chooseExample(given, undefined)).toEqual(chosen);
});
