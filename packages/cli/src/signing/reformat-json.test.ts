import fc from 'fast-check';
import { reformatJson } from './reformat-json.ts';

it.each([
  ['compact', undefined],
  [{ indent: '  ' }, 2],
  [{ indent: '\t' }, '\t'],
] as const)('lays out as JSON.stringify does: %j', (layout, space) =>
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const written = JSON.stringify(value, null, 3);
      expect(reformatJson(written, layout)).toBe(JSON.stringify(JSON.parse(written), null, space));
    }),
  ),
);

it('keeps how names, texts and numbers are written', () => {
  const text = '{"a" : 1.0,"big":[ 12345678901234567890, -0 ],"é":"\\u00e9 , :"}';
  expect(reformatJson(text, 'spaced')).toBe('{"a": 1.0, "big": [12345678901234567890, -0], "é": "\\u00e9 , :"}');
});
