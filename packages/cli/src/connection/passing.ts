import { CliError } from '../exit/cli-error.ts';

/** The server got nothing of the request. */
const nothingSent = /^(connection_refused|name_unknown|no_|certificate_|proxy_refused)/;

/** Whether the server may have got a request that failed, so that its effect is unknown. */
export const mayHaveArrived = (error: unknown): error is CliError =>
  isPassing(error) && error.code !== 'rate_limited' && !nothingSent.test(error.code);

/** Whether the same request may succeed a little later: the server restarts, is busy, or was lost for a moment. */
export const isPassing = (error: unknown): error is CliError =>
  error instanceof CliError &&
  (error.kind === 'unreachable' || error.code === 'internal_error' || error.code === 'rate_limited');
