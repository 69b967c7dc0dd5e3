import { realisticBody } from '@posthorn/testing';
import fc from 'fast-check';
import { packLongText, packText, unpackText } from './packed-text.ts';
import { rowBytes, writeUnitsOf } from './row-size.ts';

const seed = 20_261_127;
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 3_000, size: 'max' }),
  fc
    .record({ bytes: fc.integer({ min: 600, max: 6_000 }), seed: fc.nat({ max: 999 }) })
    .map((shape) => realisticBody(shape)),
);
const unitsOf = (packed: string | Uint8Array, otherBytes: number) =>
  writeUnitsOf(otherBytes + rowBytes({ '': packed }));

it('returns every text as it was, in no more units, and deflated only if that saves one', () =>
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 3_000 }), (text, otherBytes) => {
      const packed = packText(text, { otherBytes });
      expect(unpackText({ text: packed }, 'text')).toBe(text);
      if (typeof packed !== 'string') expect(unitsOf(packed, otherBytes)).toBeLessThan(unitsOf(text, otherBytes));
    }),
    { seed, numRuns: 300 },
  ));

it('deflates a text of 1 KB in a row that then takes one unit', () => {
  const text = realisticBody({ bytes: 1_024, seed: 3 });
  expect(packText(text, { otherBytes: 240 })).toBeInstanceOf(Uint8Array);
  expect(packText(text, { otherBytes: 800 })).toBe(text);
});

it('stores a text as it is that is shorter than the configured length', () => {
  const text = realisticBody({ bytes: 1_024, seed: 3 });
  expect(packText(text, { otherBytes: 240, deflateFrom: 1_025 })).toBe(text);
  expect(packText(text, { otherBytes: 240, deflateFrom: 1_024 })).toBeInstanceOf(Uint8Array);
});

it('packs a long text in the same way', async () => {
  const text = realisticBody({ bytes: 100_000, seed: 4 });
  const packed = await packLongText(text, { otherBytes: 240 });
  expect(packed).toEqual(packText(text, { otherBytes: 240 }));
  expect(unpackText({ text: packed }, 'text')).toBe(text);
});

it('reads what earlier versions deflated for its size alone', () => {
  const text = realisticBody({ bytes: 5_000, seed: 5 });
  expect(unpackText({ text: packText(text, { otherBytes: 0 }) }, 'text')).toBe(text);
});
