import type { Context } from '../context.ts';
import { CliError } from '../exit/cli-error.ts';
import { readBody } from '../input/read-body.ts';
import type { Io } from '../terminal/io.ts';
import { askSecret, canAsk } from '../terminal/prompt.ts';

/** What the help says about it. */
export const secretHelp = `The secret comes from --secret-file (one a line; - for stdin), or from POSTHORN_SECRET,
or is asked for. It is never an argument: other users of the machine can read those.`;

interface SecretChoice {
  readonly secretFile?: string | undefined;
  /** Whether stdin has something else. */
  readonly isStdinTaken: boolean;
}

/**
 * Reads the secrets of a command: of a file with one a line, of `POSTHORN_SECRET`, or of a person. No report has them.
 *
 * @throws CliError `usage` if there is none
 */
export async function readSecrets(
  { secretFile, isStdinTaken }: SecretChoice,
  { io, hideSecret }: Pick<Context, 'io' | 'hideSecret'>,
): Promise<readonly string[]> {
  const secrets = (await readSource(secretFile, isStdinTaken, io)).split(/[\s]+/).filter((text) => text !== '');
  secrets.forEach(hideSecret);
  if (secrets.length > 0) return secrets;
  throw new CliError('usage', `There is no secret in ${secretFile ?? 'POSTHORN_SECRET'}`, { code: 'no_secret' });
}

async function readSource(secretFile: string | undefined, isStdinTaken: boolean, io: Io): Promise<string> {
  if (secretFile === '-' && isStdinTaken)
    throw new CliError('usage', 'Both the secret and the body would come from stdin', {
      remedy: 'Give the body as @FILE, or the secret in POSTHORN_SECRET',
    });
  if (secretFile !== undefined)
    return Buffer.from(await readBody(secretFile === '-' ? '-' : `@${secretFile}`, io)).toString('utf8');
  if (io.env.POSTHORN_SECRET !== undefined) return io.env.POSTHORN_SECRET;
  if (canAsk(io) && !isStdinTaken) return askSecret(io, 'Secret: ');
  throw new CliError('usage', 'There is no secret', {
    code: 'no_secret',
    remedy: 'Name its file with --secret-file, or set POSTHORN_SECRET',
  });
}
