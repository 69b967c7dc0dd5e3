import { createRepeatedFinder } from './find-repeated.ts';
import { aNewMessage, anIntake } from './fixtures/an-intake.ts';

const claimed = { kind: 'claimed', key: 'key' } as const;

it('finds what was accepted under the same key, and stores nothing', async () => {
  const { accept, target, messages, claims, deps } = await anIntake();
  const find = createRepeatedFinder({ messages, claims, clock: deps.clock });
  expect(await find(target, claimed)).toBeUndefined();
  expect(messages.all()).toEqual([]);
  const { message } = await accept({ target, message: aNewMessage(), identity: claimed });
  expect(await find(target, claimed)).toEqual(message);
  expect(await find(target, { kind: 'claimed', key: 'other' })).toBeUndefined();
  expect(await find(target, { kind: 'fresh' })).toBeUndefined();
});
