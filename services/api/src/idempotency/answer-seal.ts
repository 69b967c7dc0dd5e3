import type { SealContext } from '@posthorn/core';
import type { SecretBox } from '@posthorn/secrets/secret-box';

/** How the body of an answer is written into a table, and read from it. */
export interface AnswerSeal {
  readonly seal: (body: string) => Promise<string>;
  readonly open: (stored: string) => Promise<string>;
}

/** For answers that show nothing secret: they are stored as they are. */
export const unsealed: AnswerSeal = { seal: async (body) => body, open: async (stored) => stored };

/**
 * For answers that show what can be expunged: only the field that names the thing is stored. A repetition shows the thing as
 * it is then.
 */
export const onlyName = (field: string): AnswerSeal => ({
  seal: async (body) => JSON.stringify({ [field]: (JSON.parse(body) as Readonly<Record<string, unknown>>)[field] }),
  open: async (stored) => stored,
});

/** For answers that show something secret: they are encrypted, and can be opened for their own request only. */
export const sealedFor = (box: SecretBox, context: SealContext): AnswerSeal => ({
  seal: (body) => box.seal(body, context),
  open: (stored) => box.open(stored, context),
});
