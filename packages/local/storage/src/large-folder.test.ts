import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DataFolderDamaged, type Finding, openStorage } from './index.ts';
import { createFolder, filesOf, flipBit } from './testing/a-folder.ts';

const mb = 2 ** 20;

let folder: string;
beforeAll(async () => {
  folder = await createFolder();
  const storage = await openStorage({ folder });
  // Values that cannot be packed, so that the tables have more than 64 MB.
  for (let number = 0; number < 90; number += 1) {
    const value = randomBytes(mb / 2).toString('hex');
    await storage.commit([{ type: 'put', key: String(number).padStart(4, '0'), value }]);
  }
  await storage.close();
});
afterAll(() => rm(folder, { recursive: true }));

it('reports a flipped bit in a table of a large folder soon after the start, and refuses it with a damaged end', async () => {
  // The smallest name is the oldest table.
  const [table = ''] = (await filesOf(folder, /\.ldb$/)).toSorted();
  await flipBit(join(folder, table), 0.3);
  const found: Finding[] = [];
  const storage = await openStorage({ folder, onDamage: (findings) => found.push(...findings) });
  while (found.length === 0) await wait(50);
  expect(found).toEqual([{ file: table, problem: expect.stringContaining('wrong checksum') }]);
  expect(storage.state()).toEqual({ writable: true, damage: found });
  await storage.close();

  await flipBit(join(folder, table), 0.99999);
  await expect(openStorage({ folder })).rejects.toBeInstanceOf(DataFolderDamaged);
});
