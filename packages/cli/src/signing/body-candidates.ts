import { isUtf8 } from 'node:buffer';
import { isJson, type Layout, reformatJson } from './reformat-json.ts';

/** What a body may have been when it was signed, and how that differs from the body that is here. */
export interface BodyCandidate {
  readonly body: Uint8Array;
  /** Continues the sentence "The signed body …". */
  readonly difference: string;
}

/**
 * Bodies that turn into this one by what programs often do to a body before they verify it: they parse and write JSON
 * again, cut or add a line break, decode it once too often or too seldom. The most frequent ones come first.
 */
export function* bodyCandidates(body: Uint8Array): Generator<BodyCandidate> {
  const text = Buffer.from(body).toString('utf8');
  yield* lineBreakCandidates(text);
  yield* encodingCandidates(body, text);
  if (isJson(text)) yield* jsonCandidates(text);
}

function* lineBreakCandidates(text: string): Generator<BodyCandidate> {
  const trimmed = text.replace(/(?:\r?\n)+$/, '');
  if (trimmed !== text) yield toCandidate(trimmed, 'has no line break at its end');
  for (const [end, name] of lineEnds) yield toCandidate(trimmed + end, `ends with a line break (${name})`);
  const withLf = text.replaceAll('\r\n', '\n');
  if (withLf !== text) yield toCandidate(withLf, 'has line breaks LF, not CRLF');
  yield toCandidate(withLf.replaceAll('\n', '\r\n'), 'has line breaks CRLF, not LF');
  // Not `trim`: it takes away a byte order mark, too.
  const inner = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  if (inner !== text) yield toCandidate(inner, 'has no white space around it');
}

const lineEnds = [
  ['\n', 'LF'],
  ['\r\n', 'CRLF'],
] as const;

function* encodingCandidates(body: Uint8Array, text: string): Generator<BodyCandidate> {
  if (text.startsWith('\ufeff')) yield toCandidate(text.slice(1), 'has no byte order mark');
  else yield toCandidate(`\ufeff${text}`, 'begins with a byte order mark');
  if (/^[A-Za-z0-9+/]+={0,2}\s*$/.test(text))
    yield { body: Buffer.from(text, 'base64'), difference: 'is what this base64 decodes to' };
  const inner = text.startsWith('"') && isJson(text) ? JSON.parse(text) : undefined;
  if (typeof inner === 'string') yield toCandidate(inner, 'is the text inside this JSON string: it was encoded twice');
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.toString('latin1') === text && bytes.length !== body.length && isUtf8(bytes))
    yield { body: bytes, difference: 'is UTF-8 that was read as Latin-1' };
}

const layouts: readonly (readonly [Layout, string])[] = [
  ['compact', 'has no white space between its parts'],
  ['spaced', 'has a space after each comma and colon'],
  [{ indent: '  ' }, 'is indented by two spaces'],
  [{ indent: '    ' }, 'is indented by four spaces'],
  [{ indent: '\t' }, 'is indented by tabs'],
];

const escapes: readonly (readonly [(token: string) => string, string])[] = [
  [(token) => token, ''],
  [escapeNonAscii, ', and escapes what is not ASCII'],
  [unescapeNonAscii, ', and does not escape what is not ASCII'],
  [(token) => token.replace(/(?<!\\)((?:\\\\)*)\//g, '$1\\/'), ', and escapes each slash'],
  [
    (token) => escapeNonAscii(token).replace(/(?<!\\)((?:\\\\)*)\//g, '$1\\/'),
    ', and escapes slashes and what is not ASCII',
  ],
];

function* jsonCandidates(text: string): Generator<BodyCandidate> {
  for (const [rewrite, alsoDiffers] of escapes)
    for (const [layout, differs] of layouts) {
      const written = reformatJson(text, layout, rewrite);
      yield toCandidate(written, differs + alsoDiffers);
      yield toCandidate(`${written}\n`, `${differs}${alsoDiffers}, and ends with a line break`);
    }
}

const toCandidate = (text: string, difference: string): BodyCandidate => ({ body: Buffer.from(text), difference });

/** As Python and PHP write JSON by default. */
function escapeNonAscii(token: string): string {
  return token.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function unescapeNonAscii(token: string): string {
  return token.replace(/(?<!\\)((?:\\\\)*)\\u([0-9a-fA-F]{4})/g, (escaped, before: string, code: string) => {
    const number = Number.parseInt(code, 16);
    return number < 0x80 ? escaped : before + String.fromCharCode(number);
  });
}
