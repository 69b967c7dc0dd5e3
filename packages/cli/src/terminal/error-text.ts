import { CliError } from '../exit/cli-error.ts';
import { toPlainText } from './plain-text.ts';
import type { Style } from './style.ts';

interface Report {
  readonly isJson: boolean;
  /** Marks for stderr. */
  readonly style: Style;
  /** A bug is shown with its stack. */
  readonly isVerbose: boolean;
}

/** Writes an error for stderr: one JSON object with `--json`, otherwise the cause and what to do about it. */
export function errorText(error: unknown, { isJson, style, isVerbose }: Report): string {
  const { message, code, remedy, requestId } = toCliError(error);
  if (isJson) return JSON.stringify({ error: { code, message, remedy, requestId } });
  const lines = [`${style.bad('error:')} ${toPlainText(message)}`];
  if (remedy !== undefined) lines.push(`  ${toPlainText(remedy)}`);
  if (requestId !== undefined) lines.push(`  ${style.faint(`request id: ${toPlainText(requestId)}`)}`);
  if (isVerbose && !(error instanceof CliError)) lines.push(toPlainText(String((error as Error)?.stack ?? error)));
  return lines.join('\n');
}

/** Anything else is a bug or a failure of the machine, such as a full disk. */
function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CliError('failed', message, { code: 'unexpected', remedy: 'Run it again with --verbose for details' });
}
