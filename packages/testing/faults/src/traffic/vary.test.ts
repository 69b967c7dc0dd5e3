import { deflateRawSync } from 'node:zlib';
import { createRandom } from '@posthorn/local-dynamodb';
import { vary } from './vary.ts';

const oneRow = 350_000;

it('varies messages by their numbers, and the same seed gives the same', () => {
  const all = Array.from({ length: 60 }, (_, index) => vary(index + 1, createRandom(1), 0));
  expect(all.filter(({ rest }) => rest.eventId !== undefined)).toHaveLength(12);
  expect(all.filter(({ isAlone }) => isAlone)).toHaveLength(1);
  expect(all[36]?.rest.deliverAt).toBe('1970-01-01T00:00:04.000Z');
  expect(all[28]).toEqual(vary(29, createRandom(1), 0));
});

it('makes a large body that one row does not hold, deflated either', () => {
  const { content } = vary(29, createRandom(1));
  expect(deflateRawSync(JSON.stringify(content)).length).toBeGreaterThan(oneRow);
});
