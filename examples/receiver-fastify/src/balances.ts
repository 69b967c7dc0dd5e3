import type { DatabaseSync } from 'node:sqlite';

/** What is sent with the event type `payment.received`. */
interface Payment {
  readonly account: string;
  readonly amount: number;
}

const addSql = `
  INSERT INTO balances (account, balance) VALUES ($account, $amount)
  ON CONFLICT (account) DO UPDATE SET balance = balance + excluded.balance`;

/** Adds a payment to the balance of its account. */
export function addPayment(database: DatabaseSync, { account, amount }: Payment): void {
  database.prepare(addSql).run({ account, amount });
}

/** Account => balance. */
export function listBalances(database: DatabaseSync): Readonly<Record<string, unknown>> {
  const rows = database.prepare('SELECT account, balance FROM balances').all();
  return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
}
