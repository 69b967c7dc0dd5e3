import { secretsKeyAlias } from '@posthorn/contracts';
import type { DataKeyRepository } from '@posthorn/core';
import { createDataKeys, type DataKeys } from './data-keys.ts';
import { createOpenKmsValue, createOpenLocalValue, type OpenEarlier } from './earlier-values.ts';
import { createKeyMemory } from './key-memory.ts';
import { createKmsWrapping } from './kms-wrapping.ts';
import { createLocalWrapping } from './local-wrapping.ts';
import { withOpenedMemory } from './opened-memory.ts';
import { CannotOpen, decrypt, encrypt, type SecretBox, textOfContext } from './sealing.ts';
import { readMasterKey } from './secret-file.ts';

export type { SecretBox } from './sealing.ts';

/** The master key to use: a file with 32 bytes in base64 on one machine, or a key of AWS KMS (id, ARN or alias). */
export type SecretBoxKey = { readonly masterKeyFile: string } | { readonly kmsKeyId: string };

/** The key of an installation: a file on one machine, AWS KMS when deployed. */
export const sealingKeyOf = ({
  stage,
  masterKeyFile,
}: {
  readonly stage: string;
  readonly masterKeyFile: string | undefined;
}): SecretBoxKey => (masterKeyFile === undefined ? { kmsKeyId: secretsKeyAlias(stage) } : { masterKeyFile });

export interface SecretBoxDeps {
  readonly key: SecretBoxKey;
  /** Stores the wrapped data keys. */
  readonly dataKeys: DataKeyRepository;
  /** Returns the current time in milliseconds. */
  readonly now?: () => number;
}

/**
 * Seals values with the data key of their organisation, and opens them. The master key wraps the data keys.
 *
 * It remembers data keys for five minutes, and what it opened for a minute. Values of earlier versions still open.
 */
export function createSecretBox({ key, dataKeys: store, now = Date.now }: SecretBoxDeps): SecretBox {
  const memory = createKeyMemory(now);
  const { wrapping, earlier } = 'masterKeyFile' in key ? localKind(key.masterKeyFile) : kmsKind(key.kmsKeyId, now);
  return withOpenedMemory(createBox(createDataKeys({ wrapping, store, memory }), earlier), now);
}

/** Values of the first version, by the start of their text. */
type EarlierVersions = readonly (readonly [version: string, open: OpenEarlier])[];

function localKind(masterKeyFile: string) {
  const masterKey = readMasterKey(masterKeyFile);
  const earlier: EarlierVersions = [['local.v1.', createOpenLocalValue(masterKey)]];
  return { wrapping: createLocalWrapping(masterKey), earlier };
}

function kmsKind(kmsKeyId: string, now: () => number) {
  const wrapping = createKmsWrapping(kmsKeyId);
  // A memory of its own: keys of single values must not push out keys of organisations.
  const earlier: EarlierVersions = [['kms.v1.', createOpenKmsValue(wrapping, createKeyMemory(now))]];
  return { wrapping, earlier };
}

const version = 'v2.';

function createBox(dataKeys: DataKeys, earlier: EarlierVersions): SecretBox {
  const openCurrent: OpenEarlier = async (sealed, context) => {
    const [keyId = '', encrypted = ''] = sealed.split('.');
    const key = await dataKeys.find(context.organisationId, keyId);
    return decrypt(encrypted, { key, boundTo: textOfContext(context) });
  };
  const versions = [[version, openCurrent] as const, ...earlier];
  return {
    async seal(text, context) {
      const { keyId, key } = await dataKeys.current(context.organisationId);
      return `${version}${keyId}.${encrypt(Buffer.from(text), { key, boundTo: textOfContext(context) })}`;
    },
    async open(sealed, context) {
      const found = versions.find(([start]) => sealed.startsWith(start));
      if (found === undefined) throw new CannotOpen('it was sealed with another kind of key, or by a later version');
      const [start, open] = found;
      return (await open(sealed.slice(start.length), context)).toString('utf8');
    },
  };
}
