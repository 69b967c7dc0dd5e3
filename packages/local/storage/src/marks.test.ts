import { rm } from 'node:fs/promises';
import { openStorage, requireSameSecret, SecretDiffers } from './index.ts';
import { createFolder } from './testing/a-folder.ts';

it('tells the secret of the rows from another one and from none, over a restart', async () => {
  const folder = await createFolder();
  const check = async (secret: string | undefined) => {
    const storage = await openStorage({ folder });
    const bytes = secret === undefined ? undefined : Buffer.from(secret);
    const checking = requireSameSecret(storage, { name: 'master-key', file: 'master-key', secret: bytes });
    return checking.finally(() => storage.close());
  };
  await check(undefined);
  await check('right');
  await check('right');
  await expect(check('wrong')).rejects.toBeInstanceOf(SecretDiffers);
  await expect(check('wrong')).rejects.toThrow('master-key is another one than before');
  await expect(check(undefined)).rejects.toThrow('master-key is missing');
  await check('right');
  await rm(folder, { recursive: true });
});
