import { type VerifiedMessage, verify, WebhookError } from '@posthorn/receiver';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { readBody } from '../../input/read-body.ts';
import { requireDuration } from '../../input/read-options.ts';
import { explainRefusal } from '../../signing/explain-refusal.ts';
import { type HeaderPairs, readHeader, readHeaders } from '../../signing/read-headers.ts';
import { readSecrets } from '../../signing/read-secrets.ts';

export interface VerifyCommandOptions {
  readonly secretFile?: string;
  readonly headers?: string;
  readonly header?: readonly string[];
  readonly tolerance?: string;
  readonly ignoreTime?: boolean;
}

/** Verifies a request, and prints whose message it is. @throws CliError `failed` with the reason if it is not signed */
export async function verifyRequest(context: Context, argument: string, options: VerifyCommandOptions): Promise<void> {
  const { io } = context;
  const headers = await readRequestHeaders(options, context);
  const keys = await readSecrets({ secretFile: options.secretFile, isStdinTaken: argument === '-' }, context);
  const body = Buffer.from(await readBody(argument, io));
  const toleranceSeconds = options.ignoreTime
    ? Number.MAX_SAFE_INTEGER
    : requireDuration('--tolerance', options.tolerance ?? '5m') / 1_000;
  const { id, timestamp } = verifyOrExplain({ body, headers, keys, toleranceSeconds });
  const time = timestamp.toISOString();
  await context.print({ valid: true, id, timestamp: time }, `valid: ${id} of ${time}`);
}

interface Request {
  readonly body: Buffer;
  readonly headers: HeaderPairs;
  readonly keys: readonly string[];
  readonly toleranceSeconds: number;
}

function verifyOrExplain(request: Request): VerifiedMessage {
  const { body, headers, keys, toleranceSeconds } = request;
  try {
    return verify(body, headers, keys, { toleranceSeconds });
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    const { code, message, remedy } = explainRefusal(error, { body, headers, keys, now: new Date() });
    const kind = error.code === 'key_invalid' ? 'usage' : 'failed';
    throw new CliError(kind, message, { code, remedy, cause: error });
  }
}

async function readRequestHeaders(
  { headers, header = [] }: VerifyCommandOptions,
  { io }: Context,
): Promise<HeaderPairs> {
  const given = header.map((line) => {
    const pair = readHeader(line);
    if (pair) return pair;
    throw new CliError('usage', '--header: must be NAME: VALUE', { code: 'header_malformed' });
  });
  if (headers === undefined) return given;
  const text = Buffer.from(await readBody(`@${headers}`, io)).toString('utf8');
  const read = readHeaders(text);
  if (read) return [...read, ...given];
  throw new CliError('usage', `${headers} has no headers`, { remedy: 'Write each on a line: webhook-id: msg_…' });
}
