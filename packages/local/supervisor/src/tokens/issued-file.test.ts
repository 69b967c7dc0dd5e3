import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anIssuedToken, nthId, secondsLater } from '@posthorn/testing';
import { createIssuedFile } from './issued-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-issued-'));
});
afterEach(() => rm(folder, { recursive: true }));

const aFile = () => ({ path: join(folder, 'issued-tokens'), ...createIssuedFile(join(folder, 'issued-tokens')) });
const now = secondsLater(0);

describe('the file of issued tokens', () => {
  it('has every token until it expires, and is for its owner only', async () => {
    const { path, add, list } = aFile();
    expect(await list(now)).toEqual([]);
    const { applicationId: _, ...first } = anIssuedToken({ expiresAt: secondsLater(60) });
    const second = anIssuedToken({ tokenId: nthId('token', 1) });
    for (const token of [first, second]) await add(token, now);
    expect(await list(now)).toEqual([first, second]);
    expect(await list(secondsLater(60))).toEqual([second]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('leaves out a line that was not written to its end', async () => {
    const { path, add, list } = aFile();
    await add(anIssuedToken(), now);
    await appendFile(path, '{"tokenId":"tok_');
    expect(await list(now)).toEqual([anIssuedToken()]);
  });

  it('refuses a line of another kind', async () => {
    const { path, list } = aFile();
    await appendFile(path, '{}\n');
    await expect(list(now)).rejects.toThrow('issued-tokens');
  });

  it('does not grow for ever', async () => {
    const { path, add } = aFile();
    const lines = Array.from({ length: 1_001 }, (_, n) =>
      JSON.stringify(anIssuedToken({ tokenId: nthId('token', n) })),
    );
    await appendFile(path, `${lines.join('\n')}\n`);
    const token = anIssuedToken({ expiresAt: secondsLater(90_000) });
    await add(token, secondsLater(3_601));
    expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(1);
  });
});
