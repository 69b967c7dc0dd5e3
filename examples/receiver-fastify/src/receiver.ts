import type { DatabaseSync } from 'node:sqlite';
import type { Run, VerifiedMessage } from '@posthorn/receiver';
import { webhooks } from '@posthorn/receiver/fastify';
import fastify, { type FastifyInstance } from 'fastify';
import { completeWith, createSqliteStore } from './sqlite-store.ts';

/** What is sent with the event type `payment.received`. */
interface Payment {
  readonly account: string;
  readonly amount: number;
}

const addSql = `
  INSERT INTO balances (account, balance) VALUES ($account, $amount)
  ON CONFLICT (account) DO UPDATE SET balance = balance + excluded.balance`;

/** @param keys - the secrets of the endpoint: one, or the old and the new one during a rotation */
export function createReceiver(database: DatabaseSync, keys: readonly string[]): FastifyInstance {
  const addPayment = (message: VerifiedMessage, run: Run) => {
    const { account, amount } = message.json<Payment>();
    completeWith(database, run, () => void database.prepare(addSql).run({ account, amount }));
  };

  const app = fastify();
  const store = createSqliteStore(database);
  app.register(webhooks, { path: '/webhooks', keys, store, leaseSeconds: 5, handle: addPayment });
  // Other routes parse JSON as always.
  app.get('/balances', async () => {
    const rows = database.prepare('SELECT account, balance FROM balances').all();
    return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
  });
  return app;
}
