import { memoryStore } from '../../once/memory-store.ts';
import { boundRenewals } from './bounded-renewals.ts';

const claim = { leaseMs: 60_000, owner: 'run-1' };

it('renews no lease after its invocation, although nothing has told of its end', async () => {
  const { store, renewUntil } = boundRenewals(memoryStore());
  expect(await store.claim('msg_1', claim)).toEqual({ kind: 'claimed' });
  renewUntil('run-1', performance.now() + 60_000);
  expect(await store.claim('msg_1', claim)).toEqual({ kind: 'claimed' });
  renewUntil('run-1', performance.now() - 1);
  expect(await store.claim('msg_1', claim)).toMatchObject({ kind: 'in_progress' });
});

it('leaves a message that is abandoned to the end of its lease', async () => {
  const own = memoryStore();
  const { store, abandon } = boundRenewals(own);
  await store.claim('msg_1', claim);
  abandon('run-1');
  await store.release('msg_1', 'run-1');
  expect(await own.claim('msg_1', { ...claim, owner: 'run-2' })).toMatchObject({ kind: 'in_progress' });
});
