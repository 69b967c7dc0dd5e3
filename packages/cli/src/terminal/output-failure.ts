import { CliError } from '../exit/cli-error.ts';

/** A reader that has seen enough (`posthorn … | head`) closes its end. */
export const isReaderGone = (error: Error): boolean => 'code' in error && error.code === 'EPIPE';

/** The error for a standard output that takes nothing more, such as a full disk. */
export const toOutputFailure = (error: Error): CliError =>
  new CliError('failed', `Cannot write to standard output: ${error.message}`, {
    code: 'output_failed',
    remedy: 'Check whether the disk is full',
    cause: error,
  });
