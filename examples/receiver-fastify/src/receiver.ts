import type { DatabaseSync } from 'node:sqlite';
import { webhooks } from '@posthorn/receiver/fastify';
import fastify, { type FastifyInstance } from 'fastify';
import { addPayment, listBalances } from './balances.ts';
import { completeWith, createSqliteStore } from './sqlite-store.ts';

/** @param keys - the secrets of the endpoint: one, or the old and the new one while it is replaced */
export function createReceiver(database: DatabaseSync, keys: readonly string[]): FastifyInstance {
  const app = fastify({ requestTimeout: 30_000 }); // without it, a sender can take any time for a body
  app.register(webhooks, {
    path: '/webhooks',
    keys,
    store: createSqliteStore(database),
    scope: 'balances',
    leaseSeconds: 5,
    handle: (message, run) => completeWith(database, run, () => addPayment(database, message.json())),
  });
  app.get('/balances', async () => listBalances(database)); // other routes parse their bodies as always
  return app;
}
