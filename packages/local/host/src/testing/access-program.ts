// Writes lines of an access log to standard output, for a test: `node access-program.ts COUNT MS`. Sends
// `{ kept }` when all lines are added: how many characters Node keeps beside them. At the message `end` it ends, and
// sends `{ missing }`.
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { createAccessOutput } from '../output/access-output.ts';

const [count, longestMs] = process.argv.slice(2).map(Number) as [number, number];
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const output = createAccessOutput({ write: (text, done) => process.stdout.write(text, done) });
const filling = 'x'.repeat(390);
let kept = 0;
for (let number = 0; number < count; number++) {
  output.add(`${filling} ${String(number).padStart(8, '0')}`);
  // As between requests: what can be written meanwhile is written.
  if (number % 100 === 0) await turn();
  kept = Math.max(kept, process.stdout.writableLength);
}
process.send?.({ kept });
await once(process, 'message');
const missing = await output.end(longestMs);
process.send?.({ missing }, () => process.exit(0));
