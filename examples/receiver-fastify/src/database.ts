import { DatabaseSync } from 'node:sqlite';

/** Opens the database of the program: the balances of accounts, and the messages that were handled. */
export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS balances (account TEXT PRIMARY KEY, balance INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS webhooks (
      id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      lease_ends_at INTEGER NOT NULL,
      done_at INTEGER
    )`);
  return database;
}
