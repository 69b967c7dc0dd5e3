import { secretsKeyAlias } from '@posthorn/contracts';
import { createKmsWrapping, type KeyWrapping, withKeyCache } from './key-wrapping.ts';
import { withOpenedMemory } from './opened-memory.ts';
import { CannotOpen, dataKeyBytes, decrypt, encrypt, type SecretBox } from './sealing.ts';
import { once, readSecretFile } from './secret-file.ts';

export type { SecretBox } from './sealing.ts';

/** The key to use: a file with 32 bytes in base64 on one machine, or a key of AWS KMS (id, ARN or alias). */
export type SecretBoxKey = { readonly masterKeyFile: string } | { readonly kmsKeyId: string };

/** The key of an installation: a file on one machine, AWS KMS when deployed. */
export const sealingKeyOf = ({
  stage,
  masterKeyFile,
}: {
  readonly stage: string;
  readonly masterKeyFile: string | undefined;
}): SecretBoxKey => (masterKeyFile === undefined ? { kmsKeyId: secretsKeyAlias(stage) } : { masterKeyFile });

/** A box that remembers what it opened for a minute. With AWS KMS, it remembers keys for five minutes as well. */
export const createSecretBox = (key: SecretBoxKey): SecretBox =>
  withOpenedMemory(
    'masterKeyFile' in key
      ? createLocalBox(key.masterKeyFile)
      : createEnvelopeBox(withKeyCache(createKmsWrapping(key.kmsKeyId), Date.now)),
    Date.now,
  );

const localVersion = 'local.v1.';

function createLocalBox(masterKeyFile: string): SecretBox {
  const masterKey = once(async () => {
    const key = Buffer.from(await readSecretFile(masterKeyFile), 'base64');
    if (key.length !== dataKeyBytes)
      throw new Error(`the master key in ${masterKeyFile} must be ${dataKeyBytes} bytes in base64`);
    return key;
  });
  return {
    seal: async (text, context) => localVersion + encrypt(text, await masterKey(), context),
    open: async (sealed, context) => decrypt(partsOf(sealed, localVersion)[0] ?? '', await masterKey(), context),
  };
}

const envelopeVersion = 'kms.v1.';

/** Each value has its own data key, which is stored wrapped beside it: KMS itself encrypts only short values. */
export function createEnvelopeBox(wrapping: KeyWrapping): SecretBox {
  return {
    async seal(text, context) {
      const { key, wrapped } = await wrapping.createDataKey(context);
      return `${envelopeVersion}${wrapped}.${encrypt(text, key, context)}`;
    },
    async open(sealed, context) {
      const [wrapped = '', encrypted = ''] = partsOf(sealed, envelopeVersion);
      return decrypt(encrypted, await wrapping.unwrap(wrapped, context), context);
    },
  };
}

function partsOf(sealed: string, version: string): readonly string[] {
  if (!sealed.startsWith(version)) throw new CannotOpen('it was sealed with another kind of key');
  return sealed.slice(version.length).split('.');
}
