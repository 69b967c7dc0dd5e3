/** Names and values, in the order in which they were sent. */
export type HeaderPairs = readonly (readonly [string, string])[];

/**
 * Reads headers from a file: lines `name: value` as HTTP and curl write them, or a JSON object as a log has them. Lines
 * before and after them, such as that of the request, and a body, are passed over.
 *
 * @returns `undefined` if there is no header
 */
export function readHeaders(text: string): HeaderPairs | undefined {
  const pairs = text.trimStart().startsWith('{') ? readObject(text) : readLines(text);
  return pairs.length === 0 ? undefined : pairs;
}

/** Reads `name: value`. @returns `undefined` if the line is none */
export function readHeader(line: string): readonly [string, string] | undefined {
  // curl writes `> name: value` in its log.
  const [, name, value] = /^(?:[<>]\s+)?([!#$%&'*+.^_`|~\dA-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
  return name === undefined || value === undefined ? undefined : [name, value];
}

function readLines(text: string): HeaderPairs {
  return text.split(/\r?\n/).flatMap((line) => {
    const header = readHeader(line);
    return header ? [header] : [];
  });
}

function readObject(text: string): HeaderPairs {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  return Object.entries(value as object).flatMap(([name, given]) =>
    [given]
      .flat()
      .flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? [[name, String(one)] as const] : [])),
  );
}
