const width = 120;

interface Indentation {
  /** What the first line begins with, and what the others do. */
  readonly first: string;
  readonly rest: string;
}

/** A text as lines of at most 120 characters. */
export function wrap(text: string, { first, rest }: Indentation = { first: '', rest: '' }): readonly string[] {
  const [word = '', ...words] = text.split(' ');
  const lines: string[] = [];
  let line = `${first}${word}`;
  for (const next of words) {
    const longer = `${line} ${next}`;
    if (longer.length > width) {
      lines.push(line);
      line = `${rest}${next}`;
    } else line = longer;
  }
  return [...lines, line];
}
