import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { type KeyWrapping, withKeyCache } from './key-wrapping.ts';
import { ensureSecretFile } from './local-files.ts';
import { CannotOpen } from './sealing.ts';
import { createEnvelopeBox, createSecretBox, type SecretBox } from './secret-box.ts';

const context = { organisationId: 'org_1', endpointId: 'ep_1' };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  await ensureSecretFile(join(folder, 'master-key'), 32);
});
afterAll(() => rm(folder, { recursive: true }));

/** Keeps keys in memory and binds them to their context, as KMS does with its encryption context. */
function inMemoryWrapping() {
  const keys = new Map<string, Uint8Array>();
  let unwrapped = 0;
  const nameOf = (wrapped: string, bound: object) => `${wrapped} ${JSON.stringify(bound)}`;
  const wrapping: KeyWrapping = {
    async createDataKey(bound) {
      const key = randomBytes(32);
      const wrapped = randomBytes(8).toString('base64');
      keys.set(nameOf(wrapped, bound), key);
      return { key, wrapped };
    },
    async unwrap(wrapped, bound) {
      unwrapped += 1;
      const key = keys.get(nameOf(wrapped, bound));
      if (!key) throw new CannotOpen('no such key');
      return key;
    },
  };
  return { wrapping, unwrapped: () => unwrapped };
}

const boxes: readonly (readonly [string, () => SecretBox])[] = [
  ['the local box', () => createSecretBox({ masterKeyFile: join(folder, 'master-key') })],
  ['the envelope box', () => createEnvelopeBox(inMemoryWrapping().wrapping)],
];

describe.each(boxes)('%s', (_, createBox) => {
  it('opens what it sealed, of any length', async () => {
    const box = createBox();
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 10_000 }), async (text) => {
        expect(await box.open(await box.seal(text.toWellFormed(), context), context)).toBe(text.toWellFormed());
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('never shows the text, and never seals it in the same way twice', async () => {
    const box = createBox();
    const [one, other] = [await box.seal('whsec_secret', context), await box.seal('whsec_secret', context)];
    expect(one).not.toContain('secret');
    expect(one).not.toBe(other);
  });

  it.each([
    ['another endpoint', { ...context, endpointId: 'ep_2' }],
    ['another organisation', { ...context, organisationId: 'org_2' }],
  ])('opens nothing for %s', async (_name, other) => {
    const box = createBox();
    await expect(box.open(await box.seal('x', context), other)).rejects.toThrow(CannotOpen);
  });

  it('binds the answer of a request to that request', async () => {
    const box = createBox();
    const request = { organisationId: 'org_1', requestKey: 'ep_1' };
    const sealed = await box.seal('x', request);
    expect(await box.open(sealed, request)).toBe('x');
    for (const other of [context, { ...request, requestKey: 'other' }, { ...request, organisationId: 'org_2' }]) {
      await expect(box.open(sealed, other)).rejects.toThrow(CannotOpen);
    }
  });

  it('opens nothing that was changed, shortened or sealed by another kind of box', async () => {
    const box = createBox();
    const sealed = await box.seal('whsec_secret', context);
    const changed = sealed.slice(0, -3) + (sealed.endsWith('AA=') ? 'BB=' : 'AA=');
    for (const wrong of [changed, sealed.slice(0, -20), 'plain', 'other.v1.x'])
      await expect(box.open(wrong, context)).rejects.toThrow(CannotOpen);
  });
});

describe('the local box', () => {
  it('notices a change of any bit', async () => {
    const box = createSecretBox({ masterKeyFile: join(folder, 'master-key') });
    const [prefix, bytes] = ['local.v1.', Buffer.from((await box.seal('whsec_secret', context)).slice(9), 'base64')];
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

describe('the key cache', () => {
  it('keeps the keys that were used last', async () => {
    const { wrapping, unwrapped } = inMemoryWrapping();
    const box = createEnvelopeBox(withKeyCache(wrapping, () => 0, 2));
    const [a = '', b = '', c = ''] = await Promise.all(['a', 'b', 'c'].map((text) => box.seal(text, context)));
    for (const sealed of [a, b, a, c, a]) await box.open(sealed, context);
    expect(unwrapped()).toBe(3);
    await box.open(b, context);
    expect(unwrapped()).toBe(4);
  });

  it('asks once per key in five minutes', async () => {
    const { wrapping, unwrapped } = inMemoryWrapping();
    let now = 0;
    const box = createEnvelopeBox(withKeyCache(wrapping, () => now));
    const sealed = await box.seal('x', context);
    await box.open(sealed, context);
    await box.open(sealed, context);
    expect(unwrapped()).toBe(1);
    now = 5 * 60 * 1_000;
    await box.open(sealed, context);
    expect(unwrapped()).toBe(2);
  });

  it('opens nothing for another endpoint, cached or not', async () => {
    const { wrapping } = inMemoryWrapping();
    const box = createEnvelopeBox(withKeyCache(wrapping, () => 0));
    const sealed = await box.seal('x', context);
    await box.open(sealed, context);
    await expect(box.open(sealed, { ...context, endpointId: 'ep_2' })).rejects.toThrow(CannotOpen);
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
    const open = (name: string) => createSecretBox({ masterKeyFile: join(folder, name) }).seal('x', context);
    await expect(open('short')).rejects.toThrow(/short must be 32 bytes/);
    await expect(open('missing')).rejects.toThrow(/missing cannot be read/);
  });
});
