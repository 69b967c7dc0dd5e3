import { CliError } from '../exit/cli-error.ts';
import type { HttpAnswer } from './exchange.ts';

/** The error for a success that no Posthorn has answered, such as the page of a captive portal. */
export const notPosthorn = (server: string, cause?: unknown): CliError =>
  new CliError('failed', `${server} is no server of Posthorn: it answered with something else`, {
    code: 'not_posthorn',
    remedy: 'Check the address of the server',
    cause,
  });

/**
 * Returns a success that can be an answer of Posthorn: without a body, or with JSON.
 *
 * @throws CliError `not_posthorn` for anything else
 */
export function requireOfPosthorn<Answer extends HttpAnswer & { readonly text: string }>(
  answer: Answer,
  server: string,
): Answer {
  if (answer.bytes.length === 0 || /^\s*[{[]/.test(answer.text)) return answer;
  throw notPosthorn(server);
}

/**
 * Returns a text of a success, such as an id.
 *
 * @throws CliError `not_posthorn` if it is missing
 */
export function requireText(text: unknown, server: string): string {
  if (typeof text === 'string') return text;
  throw notPosthorn(server);
}
