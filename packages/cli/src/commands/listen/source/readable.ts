import { CliError } from '../../../exit/cli-error.ts';
import { UnreadableAnswer } from '../messages/read-poll-answer.ts';

/** Reads an answer. @throws CliError `failed` if it is not what Posthorn answers */
export function readable<Answer>(read: () => Answer): Answer {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnreadableAnswer)) throw error;
    throw new CliError('failed', `The answer is not that of Posthorn: ${error.message}`, {
      code: 'unreadable_answer',
      remedy: 'Check the address of the server, and whether its version is new enough',
      cause: error,
    });
  }
}
