/**
 * Whether a text is a regular expression, in the syntax with the flag `u` or without: many published schemas escape
 * characters that need no escape, which only the older syntax allows.
 *
 * The text is read, and never run. Classes are replaced by a small one before: Node builds each class while it reads, and
 * a megabyte of `\p{L}` would take 15 seconds.
 */
export const isRegularExpression = (pattern: string): boolean =>
  isReadableInUnicode(pattern) || isReadable(pattern, '');

/** An escape, with the name of a property of characters if it has one. */
const escapes = /\\(?:[pP]\{([^{}]*)\}|.)/gs;
const largeClasses: ReadonlySet<string> = new Set(['\\w', '\\W', '\\s', '\\S', '\\D']);

function isReadableInUnicode(pattern: string): boolean {
  let hasProperties = true;
  const smaller = pattern.replaceAll(escapes, (whole: string, property: string | undefined) => {
    if (property !== undefined && !isProperty(property)) hasProperties = false;
    // Where one class may be, any other may be.
    return property !== undefined || largeClasses.has(whole) ? '\\d' : whole;
  });
  return hasProperties && isReadable(smaller, 'u');
}

/** The names that were looked at, and exist: there are some hundred. */
const properties = new Set<string>();

function isProperty(name: string): boolean {
  if (!properties.has(name) && isReadable(`\\p{${name}}`, 'u')) properties.add(name);
  return properties.has(name);
}

function isReadable(pattern: string, flags: string): boolean {
  try {
    new RegExp(pattern, flags);
    return true;
  } catch {
    return false;
  }
}
