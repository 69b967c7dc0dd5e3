import type { Context } from '../context.ts';
import { toPlainText } from './plain-text.ts';
import { createStyle } from './style.ts';

/** Tells on stderr what happens besides. With `--json`, each notice is a line of JSON. */
export interface Notices {
  /** @param code - a stable word for programs */
  tell(code: string, text: string): void;
}

export function createNotices({ io, options, report }: Pick<Context, 'io' | 'options' | 'report'>): Notices {
  const { faint } = createStyle(io, 'stderr');
  return {
    tell: (code, message) => {
      report(options().json ? JSON.stringify({ notice: { code, message } }) : faint(toPlainText(message)));
    },
  };
}
