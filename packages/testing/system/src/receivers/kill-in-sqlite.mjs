// Loaded into a program before its own code: kills it inside or after its own transactions, by `KILL_AFTER=claim:3`.
import { DatabaseSync, StatementSync } from 'node:sqlite';

const [step, count] = (process.env.KILL_AFTER ?? '').split(':');
const statements = { claim: /INSERT INTO webhooks/, effect: /INSERT INTO balances/, completion: /^COMMIT/ };

let done = 0;
function countStatement(sql) {
  if (!statements[step]?.test(sql)) return;
  done += 1;
  if (done === Number(count)) process.kill(process.pid, 'SIGKILL');
}

const { run } = StatementSync.prototype;
StatementSync.prototype.run = function (...values) {
  const result = run.apply(this, values);
  countStatement(this.sourceSQL);
  return result;
};

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  exec.call(this, sql);
  countStatement(sql);
};
