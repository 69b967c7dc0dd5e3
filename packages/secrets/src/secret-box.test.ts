import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inMemoryDataKeys } from '@posthorn/testing';
import * as fc from 'fast-check';
import { ensureSecretFile } from './local-files.ts';
import { CannotOpen } from './sealing.ts';
import { createSecretBox, type SecretBox } from './secret-box.ts';

const context = { organisationId: 'org_1', endpointId: 'ep_1' };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  await ensureSecretFile(join(folder, 'master-key'), 32);
});
afterAll(() => rm(folder, { recursive: true }));

const localBox = (dataKeys = inMemoryDataKeys()): SecretBox =>
  createSecretBox({ key: { masterKeyFile: join(folder, 'master-key') }, dataKeys });

describe('a sealed value', () => {
  it('opens as it was, whatever its length', async () => {
    const box = localBox();
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 10_000 }), async (text) => {
        expect(await box.open(await box.seal(text.toWellFormed(), context), context)).toBe(text.toWellFormed());
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('never shows the text, and is never sealed in the same way twice', async () => {
    const box = localBox();
    const [one, other] = [await box.seal('whsec_secret', context), await box.seal('whsec_secret', context)];
    expect(one).toMatch(/^v2\.1\.[A-Za-z0-9+/]+=*$/);
    expect(one).not.toContain('secret');
    expect(one).not.toBe(other);
  });

  it('opens for another process, with the stored data key', async () => {
    const dataKeys = inMemoryDataKeys();
    const sealed = await localBox(dataKeys).seal('x', context);
    expect(await localBox(dataKeys).open(sealed, context)).toBe('x');
  });

  it.each([
    ['another endpoint', { ...context, endpointId: 'ep_2' }],
    ['another organisation', { ...context, organisationId: 'org_2' }],
  ])('does not open for %s', async (_name, other) => {
    const box = localBox();
    await box.seal('the other organisation has a key too', other);
    await expect(box.open(await box.seal('x', context), other)).rejects.toThrow(CannotOpen);
  });

  it('opens for the request that it was sealed for, if it is an answer', async () => {
    const box = localBox();
    const request = { organisationId: 'org_1', requestKey: 'ep_1' };
    const sealed = await box.seal('x', request);
    expect(await box.open(sealed, request)).toBe('x');
    for (const other of [context, { ...request, requestKey: 'other' }, { ...request, organisationId: 'org_2' }]) {
      await expect(box.open(sealed, other)).rejects.toThrow(CannotOpen);
    }
  });

  it('does not open if it was changed, shortened, or sealed with another key or by another kind of box', async () => {
    const box = localBox();
    const sealed = await box.seal('whsec_secret', context);
    const changed = sealed.slice(0, -3) + (sealed.endsWith('AA=') ? 'BB=' : 'AA=');
    const otherKey = sealed.replace('v2.1.', 'v2.2.');
    for (const wrong of [changed, otherKey, sealed.slice(0, -20), 'plain', 'other.v1.x', 'kms.v1.x.y', 'v2.', 'v2.1'])
      await expect(box.open(wrong, context)).rejects.toThrow(CannotOpen);
  });

  it('does not open after a change of any bit', async () => {
    const box = localBox();
    const [prefix, bytes] = ['v2.1.', Buffer.from((await box.seal('whsec_secret', context)).slice(5), 'base64')];
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await expect(box.open(prefix + changed.toString('base64'), context)).rejects.toThrow(CannotOpen);
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});

describe('the data key of an organisation', () => {
  it('is stored wrapped, once, and not readable', async () => {
    const dataKeys = inMemoryDataKeys();
    const box = localBox(dataKeys);
    await box.seal('x', context);
    const wrapped = await dataKeys.find('org_1', '1');
    await box.seal('y', { ...context, endpointId: 'ep_2' });
    expect(await dataKeys.find('org_1', '1')).toBe(wrapped);
    expect(Buffer.from(wrapped ?? '', 'base64')).toHaveLength(12 + 32 + 16);
  });

  it('is the same for processes that seal their first values at once: each opens what the others sealed', async () => {
    const dataKeys = inMemoryDataKeys();
    const boxes = Array.from({ length: 8 }, () => localBox(dataKeys));
    const sealed = await Promise.all(boxes.map((box, n) => box.seal(`value ${n}`, context)));
    const opened = await Promise.all(sealed.map((text, n) => boxes[(n + 1) % boxes.length]?.open(text, context)));
    expect(opened).toEqual(sealed.map((_, n) => `value ${n}`));
  });

  it('does not unwrap for another organisation, or under another master key', async () => {
    const dataKeys = inMemoryDataKeys();
    await localBox(dataKeys).seal('x', context);
    const moved = inMemoryDataKeys();
    await moved.insert('org_2', '1', (await dataKeys.find('org_1', '1')) ?? '');
    await expect(localBox(moved).seal('x', { ...context, organisationId: 'org_2' })).rejects.toThrow(CannotOpen);
    await ensureSecretFile(join(folder, 'other-key'), 32);
    const other = createSecretBox({ key: { masterKeyFile: join(folder, 'other-key') }, dataKeys });
    await expect(other.seal('x', context)).rejects.toThrow(CannotOpen);
  });
});

describe('a value of an earlier version', () => {
  // Sealed by the version before data keys per organisation.
  const secretOfV1 =
    'local.v1.eKsYEJ0z9uD/nibhbuESKvNFWvD7Gd8ItwTNKGOIjeQy+bPil00crolwuRzs4ryd1nA+IRuUklBttI59JqBM82Ov';
  const answerOfV1 = 'local.v1.oE3xCewC3dXp27xtAizo+Zm5JVCe45woMkSvhLcX2MfctKIeoEd1';

  it('opens with the same master key, in its own context only', async () => {
    const masterKeyFile = join(folder, 'key-of-v1');
    await writeFile(masterKeyFile, Buffer.from('0123456789abcdef0123456789abcdef').toString('base64'));
    const box = createSecretBox({ key: { masterKeyFile }, dataKeys: inMemoryDataKeys() });
    expect(await box.open(secretOfV1, context)).toBe('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect(await box.open(answerOfV1, { organisationId: 'org_1', requestKey: 'r_1' })).toBe('{"ok":true}');
    await expect(box.open(secretOfV1, { ...context, endpointId: 'ep_2' })).rejects.toThrow(CannotOpen);
    await expect(localBox().open(secretOfV1, context)).rejects.toThrow(CannotOpen);
  });
});

describe('a secret file', () => {
  it('is created once, even by several processes, and only its owner can read it', async () => {
    const path = join(folder, 'made-once');
    await Promise.all(Array.from({ length: 10 }, () => ensureSecretFile(path, 32)));
    const text = await readFile(path, 'utf8');
    await ensureSecretFile(path, 32);
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(Buffer.from(text, 'base64')).toHaveLength(32);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is named in the error, without its content, if it is missing or too short', async () => {
    await writeFile(join(folder, 'short'), 'c2hvcnQ=');
    const open = (name: string) =>
      createSecretBox({ key: { masterKeyFile: join(folder, name) }, dataKeys: inMemoryDataKeys() }).seal('x', context);
    await expect(open('short')).rejects.toThrow(/short must be 32 bytes/);
    await expect(open('missing')).rejects.toThrow(/missing cannot be read/);
  });
});
