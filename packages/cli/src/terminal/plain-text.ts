/** Control characters but tab and new line: a terminal would act on them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Makes a text of a server or customer safe for a terminal: control characters become `\x1b` and the like. All text for
 * people goes through it, before it gets its marks.
 */
export const toPlainText = (text: string): string =>
  text.replace(controls, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Writes a value as JSON, with escapes for all control characters. Parsed, it is the same value. */
export const toPlainJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(
    controls,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Does what `toPlainText` does with all texts of a flat object, such as a line of output before it gets its colours. */
export const toPlainFields = <Fields extends object>(fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? toPlainText(value) : value]),
  ) as Fields;
