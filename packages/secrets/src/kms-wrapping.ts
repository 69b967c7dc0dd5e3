import { callTimeLimit } from '@posthorn/aws-calls/call-time-limit';
import { connectionSettings } from '@posthorn/aws-calls/connection-settings';
import { keyCallLimits } from './key-call-limits.ts';
import type { KeyWrapping } from './key-wrapping.ts';
import { CannotOpen } from './sealing.ts';

/** Wraps keys with AWS KMS. The context becomes the encryption context, so AWS's log shows what a key was used for. */
export function createKmsWrapping(keyId: string): KeyWrapping {
  const load = async () => {
    // Loaded on first use, so that functions which open nothing start faster.
    const { DecryptCommand, GenerateDataKeyCommand, KMSClient } = await import('./aws/key-client.ts');
    const client = new KMSClient({ requestHandler: connectionSettings(keyCallLimits) });
    client.middlewareStack.use(callTimeLimit(keyCallLimits));
    return { client, DecryptCommand, GenerateDataKeyCommand };
  };
  let kms: ReturnType<typeof load> | undefined;
  const loaded = () => {
    kms ??= load();
    return kms;
  };
  return {
    async createDataKey(context) {
      const { client, GenerateDataKeyCommand } = await loaded();
      const answer = await client.send(
        new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: { ...context } }),
      );
      if (!answer.Plaintext || !answer.CiphertextBlob) throw new Error('the response of KMS has no data key');
      return { key: answer.Plaintext, wrapped: Buffer.from(answer.CiphertextBlob).toString('base64') };
    },
    async unwrap(wrapped, context) {
      const { client, DecryptCommand } = await loaded();
      const CiphertextBlob = Buffer.from(wrapped, 'base64');
      const command = new DecryptCommand({ CiphertextBlob, EncryptionContext: { ...context }, KeyId: keyId });
      const { Plaintext } = await client.send(command).catch(refuseToOpen);
      if (!Plaintext) throw new Error('the response of KMS has no key');
      return Plaintext;
    },
  };
}

/** KMS responds with these errors if a key was changed, or was wrapped with another context or master key. */
const wrongKeyNames: ReadonlySet<string> = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);

function refuseToOpen(error: unknown): never {
  if (!(error instanceof Error) || !wrongKeyNames.has(error.name)) throw error;
  throw new CannotOpen('its key was changed, or belongs to another context or master key', { cause: error });
}
