import type { Context } from '../context.ts';
import { CliError } from '../exit/cli-error.ts';
import { errorText } from './error-text.ts';
import { createStyle } from './style.ts';

/**
 * Says on stderr what goes on without this program, if it is interrupted from now on. The program ends at once then, so
 * no later code could say it.
 *
 * @returns a function to call when there is nothing to say any more
 */
export function explainStop(
  { io, options, report }: Pick<Context, 'io' | 'options' | 'report'>,
  describe: () => { readonly message: string; readonly remedy: string },
): () => void {
  const explain = () => {
    const { message, remedy } = describe();
    const { json = false } = options();
    const form = { isJson: json, style: createStyle(io, 'stderr'), isVerbose: false };
    report(errorText(new CliError('interrupted', message, { remedy }), form));
  };
  io.stop.addEventListener('abort', explain, { once: true });
  return () => io.stop.removeEventListener('abort', explain);
}
