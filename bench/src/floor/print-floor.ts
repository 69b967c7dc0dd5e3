import { printTable } from '../print-table.ts';
import type { Cpu } from './cpu.ts';
import type { Floor } from './measure-floor.ts';

/** Prints the floor with all its parts. */
export function printFloor({ http, calls, store, json, totalMs }: Floor): void {
  const micros = (value: number): string => value.toFixed(1);
  const row = (name: string, { all, main }: Cpu) => [name, micros(all), micros(main)];
  console.log('\nThe floor of a message: CPU without the work of Posthorn, on this machine at the moment:\n');
  printTable(
    ['', 'CPU µs', 'of it main thread'],
    [
      ['a bare POST in (node:http)', micros(http.in), ''],
      ['a bare POST out (undici)', micros(http.out), ''],
      row('three puts and four gets in the store', store),
      ['the floor: these three', micros(totalMs * 1_000), ''],
      row('put: message of 1 KB, with stream record and expiry', calls.insertMessage),
      row('put: claim of an idempotency key, with expiry', calls.claimKey),
      row('put: attempt, with stream record, index row and expiry', calls.recordAttempt),
      row('get: message of 1 KB', calls.getMessage),
      row('get: endpoint', calls.getEndpoint),
      row('get: attempt', calls.findAttempt),
      row('stream: one record from the beginning, in pages of 1,000', calls.streamRecord),
      row('for comparison: 1 KB of JSON, written and parsed', json),
    ],
  );
}
