/** Control characters but tab and new line: a terminal would act on them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Makes a text of a server or customer safe for a terminal: control characters become `\x1b` and the like. All text for
 * people that is not this program's own goes through it.
 */
export const toPlainText = (text: string): string =>
  text.replace(controls, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** The same for all texts of a flat object, such as a line of output before it gets its colours. */
export const toPlainFields = <Fields extends object>(fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? toPlainText(value) : value]),
  ) as Fields;
