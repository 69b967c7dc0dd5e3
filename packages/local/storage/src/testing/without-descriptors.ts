import { closeSync, openSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { openStorage } from '../index.ts';

/**
 * Run by a test as a process of its own, with a low limit of open files: `node without-descriptors.ts FOLDER`. Takes all
 * descriptors, until a commit is refused, and gives them back. Writes what it saw as JSON.
 */
const folder = process.argv[2] ?? '';
const value = 'x'.repeat(100_000);
const storage = await openStorage({ folder });

function takeAll(): number[] {
  const taken: number[] = [];
  for (;;) {
    try {
      taken.push(openSync('/dev/null', 'r'));
    } catch {
      return taken;
    }
  }
}

let acknowledged = 0;
let refused: unknown;
const put = (number: number) => storage.commit([{ type: 'put', key: String(number).padStart(8, '0'), value }]);
for (; acknowledged < 100; acknowledged += 1) await put(acknowledged);
const taken = takeAll();
// The log has no room for all of these, so a new one must be opened.
for (; refused === undefined && acknowledged < 1_000; acknowledged += 1) {
  await put(acknowledged).catch((error: unknown) => {
    refused = error;
  });
}
const last = acknowledged - 1;
const state = storage.state();
const isRead = storage.get(String(last - 1).padStart(8, '0')) === value;
await wait(300);
for (const descriptor of taken) closeSync(descriptor);
const freedAt = performance.now();
for (let done = false; !done; await wait(20))
  done = await put(last).then(
    () => true,
    () => false,
  );
const healMs = performance.now() - freedAt;
await storage.close();
const again = await openStorage({ folder });
let rows = 0;
for await (const portion of again.rows({})) rows += portion.length;
await again.close();
process.stdout.write(
  JSON.stringify({ refused: String(refused), state, isRead, healMs, isComplete: rows === acknowledged }),
);
