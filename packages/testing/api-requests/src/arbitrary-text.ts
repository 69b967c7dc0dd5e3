import fc from 'fast-check';
import type { JsonSchema } from './json-schema.ts';

/** How much longer than they must be texts are, unless they are as long as they may be. */
const usualLength = 30;

/** Texts by their schema. Those of a long pattern take a tenth of a second to describe. */
const described = new Map<string, fc.Arbitrary<string>>();

/** Texts that match a schema, also the shortest and the longest ones. */
export function arbitraryText(schema: JsonSchema): fc.Arbitrary<string> {
  const key = JSON.stringify(schema);
  const texts = described.get(key) ?? textsOf(schema);
  described.set(key, texts);
  return texts;
}

function textsOf(schema: JsonSchema): fc.Arbitrary<string> {
  const { format, pattern } = schema;
  if (format === 'date-time') return arbitraryTime;
  if (format === 'regex') return fc.constantFrom('^a*$', '[0-9]{2}', '');
  if (format === 'uri') return arbitraryUrl(schema);
  return pattern === undefined
    ? textOf(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), schema)
    : textLike(pattern, schema);
}

/** RFC 3339, with any offset. */
const arbitraryTime = fc
  .tuple(
    fc.date({ min: new Date('2025-01-01T00:00:00Z'), max: new Date('2026-12-31T00:00:00Z'), noInvalidDate: true }),
    fc.constantFrom('Z', '+05:30', '-08:00'),
    fc.constantFrom(19, 21, 23),
  )
  .map(([date, offset, length]) => date.toISOString().slice(0, length) + offset);

const schemes = ['https', 'HTTPS', 'http', 'ftp'];

/** With user and password, port, address, query and fragment. */
function arbitraryUrl({ pattern = '', maxLength = 200 }: JsonSchema): fc.Arbitrary<string> {
  const form = new RegExp(pattern, 'u');
  const validSchemes = schemes.filter((scheme) => form.test(`${scheme}://a`));
  const url = fc.webUrl({
    validSchemes,
    authoritySettings: { withUserInfo: true, withPort: true, withIPv4: true, withIPv6: true, withIPv4Extended: true },
    withQueryParameters: true,
    withFragments: true,
  });
  const longest = fc.constantFrom(...validSchemes).map((scheme) => `${scheme}://example.com/`.padEnd(maxLength, 'x'));
  return fc.oneof({ weight: 9, arbitrary: url.filter(({ length }) => length <= maxLength) }, longest);
}

/** Any number of characters of one class, which may not begin in some ways. */
const classPattern = /^\^(?:\(\?![^()]*\))?(?<characters>\[(?:\\.|[^\]\\])+\])(?<quantifier>[+*])\$$/;

function textLike(pattern: string, schema: JsonSchema): fc.Arbitrary<string> {
  const form = new RegExp(pattern, 'u');
  const { characters, quantifier } = classPattern.exec(pattern)?.groups ?? {};
  if (characters === undefined) {
    const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
    return fc.stringMatching(form).filter(({ length }) => length >= minLength && length <= maxLength);
  }
  const least = Math.max(schema.minLength ?? 0, quantifier === '+' ? 1 : 0);
  const character = fc.stringMatching(new RegExp(`^${characters}$`, 'u'));
  return textOf(character, { ...schema, minLength: least }).filter((text) => form.test(text));
}

function textOf(character: fc.Arbitrary<string>, { minLength = 0, maxLength }: JsonSchema): fc.Arbitrary<string> {
  const most = Math.min(maxLength ?? Number.POSITIVE_INFINITY, minLength + usualLength);
  const usual = fc.string({ unit: character, minLength, maxLength: most });
  const ends = fc.constantFrom(minLength, maxLength ?? most);
  const repeated = fc.tuple(character, ends).map(([one, length]) => one.repeat(length));
  // A character of the reader can be several characters of the schema.
  return fc.oneof({ weight: 5, arbitrary: usual }, repeated).filter((text) => {
    const { length } = [...text];
    return length >= minLength && (maxLength === undefined || length <= maxLength);
  });
}
