import { appendFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTail } from './create-tail.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tail-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('returns all whole lines so far, also those that come later, and of a file that is longer than one read', () => {
  const file = join(folder, 'events');
  const read = createTail<{ readonly n: number }>(file);
  expect(read()).toEqual([]);
  appendFileSync(file, '{"n":1}\n{"n"');
  expect(read()).toEqual([{ n: 1 }]);
  appendFileSync(file, ':2}\n');
  expect(read()).toEqual([{ n: 1 }, { n: 2 }]);
  const long = 'é'.repeat(1_000_000);
  for (let n = 3; n < 8; n += 1) appendFileSync(file, `${JSON.stringify({ n, long })}\n`);
  expect(read().map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(read()).toHaveLength(7);
});
