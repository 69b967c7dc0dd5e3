import { writeSync } from 'node:fs';
import { openStorage } from '../index.ts';

/**
 * Run by a test as a process of its own, which it kills: `node write-at-full-speed.ts FOLDER FIRST`. Writes pairs of rows
 * with rising numbers from several writers at once, and prints the number of each acknowledged pair in a line.
 */
const [folder = '', first = '0'] = process.argv.slice(2);
const writers = 20;
const storage = await openStorage({ folder });
let next = Number(first);

async function write(): Promise<never> {
  for (;;) {
    const number = next;
    next += 1;
    const key = String(number).padStart(8, '0');
    const value = `${number}/`.repeat(1 + ((number * 7_919) % 500));
    await storage.commit([
      { type: 'put', key: `a/${key}`, value },
      { type: 'put', key: `b/${key}`, value },
    ]);
    writeSync(1, `${number}\n`);
  }
}

await Promise.all(Array.from({ length: writers }, write));
