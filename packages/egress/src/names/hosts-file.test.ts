import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHostsFile, parseHosts } from './hosts-file.ts';

describe('a hosts file', () => {
  it('gives each name its addresses, in the order of the lines and whatever the case', () => {
    const hosts = parseHosts(
      [
        '127.0.0.1\tlocalhost',
        '::1 localhost ip6-localhost # a comment',
        '# 10.0.0.9 localhost',
        '10.0.0.1 Db.Internal db\r',
        'not-an-address name',
        'fe80::1',
        '',
      ].join('\n'),
    );
    expect(Object.fromEntries(hosts)).toEqual({
      localhost: [
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ],
      'ip6-localhost': [{ address: '::1', family: 6 }],
      'db.internal': [{ address: '10.0.0.1', family: 4 }],
      db: [{ address: '10.0.0.1', family: 4 }],
    });
  });

  it('is read again some seconds later', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'posthorn-hosts-'));
    const path = join(folder, 'hosts');
    const clock = { ms: 10_000 };
    const find = createHostsFile({ path, now: () => clock.ms });
    expect(await find('a')).toEqual([]);
    await writeFile(path, '10.0.0.1 a');
    expect(await find('a')).toEqual([]);
    clock.ms += 5_000;
    expect(await find('a')).toEqual([{ address: '10.0.0.1', family: 4 }]);
    await rm(folder, { recursive: true });
  });
});
