import { BusyError } from '@posthorn/core';
import { maxWaitingCharacters } from './limits.ts';
import { createWaitingRoom } from './waiting-room.ts';

it('has room for so many payloads of each organisation, and again when they have ended', async () => {
  const inRoom = createWaitingRoom();
  const end = Promise.withResolvers<string>();
  const half = 'a'.repeat(maxWaitingCharacters / 2 - 1_000);
  const waiting = [1, 2].map(() => inRoom('org_1', half, () => end.promise));
  await expect(inRoom('org_1', '', async () => 'done')).rejects.toThrow(BusyError);
  expect(await inRoom('org_2', half, async () => 'done')).toBe('done');
  end.resolve('done');
  expect(await Promise.all(waiting)).toEqual(['done', 'done']);
  expect(await inRoom('org_1', half, async () => 'done')).toBe('done');
});

it('is left by a payload whose check failed', async () => {
  const inRoom = createWaitingRoom();
  const large = 'a'.repeat(maxWaitingCharacters - 1_000);
  for (let n = 0; n < 3; n += 1)
    await expect(inRoom('org_1', large, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
