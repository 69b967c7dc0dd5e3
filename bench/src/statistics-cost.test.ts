import { measureStatisticsCost } from './statistics-cost.ts';

it('costs one write unit for each batch of 100 attempts', async () => {
  expect(await measureStatisticsCost()).toBe(0.01);
});
