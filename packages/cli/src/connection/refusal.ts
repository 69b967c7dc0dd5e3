import { CliError, type FailureDetails, type FailureKind } from '../exit/cli-error.ts';
import type { HttpAnswer } from './exchange.ts';

/** Statuses that say that nothing could do the work just now. */
const passing = [502, 503, 504];
const maxTextLength = 500;

/** What to do about a refusal, by its code or its status. */
const remedies: Readonly<Record<string | number, string>> = {
  404: 'Check the application and the other ids. posthorn api GET /app lists the applications',
  405: 'The address may be wrong, or the server older than this program',
  409: 'Look at what is there already, and whether it is enabled',
  413: 'The body of a request has at most 1 MiB',
  422: 'Correct what it names, and try again',
  unknown_path: 'The address may be wrong, or the server older than this program',
  500: 'Try again. If it stays, its operator finds the reason in the logs',
};

/** Returns the error for an answer that is no success, with the server's own reason. */
export function toRefusal({ status, headers, bytes }: HttpAnswer, request: string): CliError {
  const { code, reason } = readReason(bytes.toString('utf8'));
  const details = { code, requestId: headers['x-request-id'] ?? headers['svix-req-id'] };
  const refuse = (kind: FailureKind, text: string, more: FailureDetails = {}) =>
    new CliError(kind, reason === '' ? text : `${text}: ${reason}`, { ...details, ...more });

  if (status === 401)
    return refuse('notAllowed', `${request}: the server does not accept the token (401)`, {
      remedy: 'Log in with a valid token: posthorn login',
    });
  if (status === 403)
    return refuse('notAllowed', `${request}: the token does not allow it (403)`, {
      remedy: 'See what it allows with posthorn whoami, or log in with another one',
    });
  if (status >= 300 && status < 400)
    return refuse('failed', `${request}: the server redirects to ${originOf(headers.location)} (${status})`, {
      code: 'redirected',
      remedy: 'Redirects are not followed. If the server has moved, log in with its new address',
    });
  if (passing.includes(status))
    return refuse('unreachable', `${request}: the server cannot do it now (${status})`, { remedy: 'Try again later' });
  if (status === 429)
    return refuse('failed', `${request}: too many requests (429)`, {
      remedy: `Try again ${headers['retry-after'] === undefined ? 'later' : `in ${headers['retry-after']} s`}`,
    });
  return refuse('failed', `${request}: ${status}`, { remedy: remedies[code ?? ''] ?? remedies[status] });
}

function originOf(location = ''): string {
  try {
    return new URL(location).origin;
  } catch {
    return 'another path';
  }
}

interface Reason {
  readonly code?: string;
  readonly reason: string;
}

/** Posthorn's errors are `{code, detail}`, where detail is a text or a list of places and reasons. */
function readReason(text: string): Reason {
  const { code, detail } = readObject(text);
  const reason = Array.isArray(detail) ? detail.map(toLine).join('; ') : detail;
  return {
    ...(typeof code === 'string' && { code }),
    reason: typeof reason === 'string' ? reason.slice(0, maxTextLength) : '',
  };
}

function toLine(place: unknown): string {
  const { loc, msg } = (place ?? {}) as { readonly loc?: unknown; readonly msg?: unknown };
  return `${Array.isArray(loc) ? loc.join('.') : ''} ${String(msg)}`.trim();
}

function readObject(text: string): { readonly code?: unknown; readonly detail?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    // A proxy between here and the server answers with a page of its own.
    return {};
  }
}
