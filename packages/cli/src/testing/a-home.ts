import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives each test of a file its own home folder. Returns the folder of the test that runs. */
export function useHome(): () => string {
  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'posthorn-home-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  return () => home;
}
