import { randomBytes } from 'node:crypto';
import { createId, idEntropyBytes } from '@posthorn/core/identifier/identifier';
import { InvalidSigningSecret } from '@posthorn/core/signing/secret';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { readBody } from '../../input/read-body.ts';
import { readSecrets } from '../../signing/read-secrets.ts';
import { type SignedBytes, signBytes } from '../../signing/sign-bytes.ts';

export interface SignOptions {
  readonly secretFile?: string;
  readonly id?: string;
  readonly timestamp?: string;
}

/** Prints the headers of a signed body. @throws CliError `usage` if a secret cannot sign */
export async function signBody(context: Context, argument: string, options: SignOptions): Promise<void> {
  const { io, print } = context;
  const now = new Date();
  const { id = createId('message', now, randomBytes(idEntropyBytes)), secretFile } = options;
  const timestamp =
    options.timestamp === undefined ? Math.floor(now.getTime() / 1_000) : readSeconds(options.timestamp);
  const secrets = await readSecrets({ secretFile, isStdinTaken: argument === '-' }, context);
  const body = Buffer.from(await readBody(argument, io));
  const signatures = secrets.map((secret) => sign({ id, timestamp, body }, secret));
  const headers = {
    'webhook-id': requireId(id),
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  await print(headers, lines.join('\n'));
}

function sign(content: SignedBytes, secret: string): string {
  try {
    return signBytes(content, secret);
  } catch (error) {
    if (!(error instanceof InvalidSigningSecret)) throw error;
    const remedy = secret.startsWith('whpk_')
      ? 'A public key (whpk_) only verifies. Sign with the key pair (whsk_)'
      : 'Copy the whole secret, with its prefix';
    throw new CliError('usage', error.message, { code: 'secret_invalid', remedy, cause: error });
  }
}

function readSeconds(text: string): number {
  if (/^\d{1,11}$/.test(text)) return Number(text);
  throw new CliError('usage', `--timestamp ${text}: is not a number of seconds since 1970`);
}

function requireId(id: string): string {
  if (/^[!-\-/-~]{1,256}$/.test(id)) return id;
  throw new CliError('usage', `--id ${id}: must be up to 256 visible ASCII characters without a dot`);
}
