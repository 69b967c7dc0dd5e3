import { storeContract } from '@posthorn/receiver/store-contract';
import { openDatabase } from './database.ts';
import { createSqliteStore, forgetOldMessages } from './sqlite-store.ts';

const database = openDatabase(':memory:');
const store = createSqliteStore(database);

describe('the store keeps the contract', () => {
  for (const { name, check } of storeContract(() => store)) test(name, check);
});

it('forgets what was done, or given up, more than seven days ago', async () => {
  for (const id of ['old', 'recent']) {
    await store.claim(id, { leaseMs: 1_000, owner: 'a' });
    await store.complete(id, 'a');
  }
  const eightDaysMs = 8 * 24 * 60 * 60_000;
  database.prepare('UPDATE webhooks SET done_at = done_at - ? WHERE id = ?').run(eightDaysMs, 'old');
  for (const id of ['abandoned', 'taken']) await store.claim(id, { leaseMs: 1_000, owner: 'a' });
  database.prepare('UPDATE webhooks SET lease_ends_at = lease_ends_at - ? WHERE id = ?').run(eightDaysMs, 'abandoned');
  forgetOldMessages(database);
  const left = database.prepare("SELECT id FROM webhooks WHERE id IN ('old', 'recent', 'abandoned', 'taken')").all();
  expect(left.map(({ id }) => id).sort()).toEqual(['recent', 'taken']);
  expect(await store.claim('old', { leaseMs: 1_000, owner: 'b' })).toEqual({ kind: 'claimed' });
  expect(await store.claim('recent', { leaseMs: 1_000, owner: 'b' })).toEqual({ kind: 'done' });
});
