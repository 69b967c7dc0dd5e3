import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument, visit } from 'yaml';
import * as z from 'zod/mini';
import { compareDecimals, isDecimal } from '../values/decimal.ts';
import { duplicateNames } from './duplicate-names.ts';
import { type SourcesFile, sourcesFile } from './schema.ts';

/** Something that is wrong in the file. */
export interface FileProblem {
  /** Such as `sources[0].rules[1].event_type`; empty for the file as a whole. */
  readonly path: string;
  /** The first line is 1. */
  readonly line?: number;
  /** What is wrong, and what to do. */
  readonly message: string;
}

export type CheckedFile =
  | { readonly kind: 'valid'; readonly file: SourcesFile }
  | { readonly kind: 'invalid'; readonly problems: readonly FileProblem[] };

/** Checks the text of a file of sources. All problems are returned at once. */
export function checkSources(text: string): CheckedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { intAsBigInt: true, lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number | undefined) => (offset === undefined ? {} : { line: lines.linePos(offset).line });
  if (document.errors.length > 0)
    return invalid(document.errors.map(({ message, pos }) => ({ path: '', ...lineAt(pos[0]), message })));
  const problems: FileProblem[] = inexactNumbers(document.contents).map(({ node, place }) => ({
    path: formatPlace(place),
    ...lineAt(node.range?.[0]),
    message: 'has more digits than can be kept. Write the number with at most 15 digits, or as a whole number',
  }));
  const content: unknown = document.toJS();
  const parsed = z.safeParse(sourcesFile, content, { reportInput: true });
  const issues = parsed.success ? [] : parsed.error.issues.flatMap(spread);
  for (const { path, message } of [...issues, ...duplicateNames(content)]) {
    const place = path.filter((part) => typeof part !== 'symbol');
    problems.push({ path: formatPlace(place), ...lineAt(offsetOf(document, place)), message });
  }
  return parsed.success && problems.length === 0 ? { kind: 'valid', file: parsed.data } : invalid(problems);
}

const invalid = (problems: readonly FileProblem[]): CheckedFile => ({ kind: 'invalid', problems });

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** One problem for each unknown name, and a sentence for each missing one. */
function spread(issue: z.core.$ZodIssue): readonly Issue[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: 'is not known here. Remove it, or check its spelling',
    }));
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    const what = issue.message.startsWith('must') ? `. It ${issue.message}` : '';
    return [{ path, message: `is missing${what}` }];
  }
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid')) return [{ path, message: 'must be a map' }];
  return [{ path, message: issue.message }];
}

interface Placed {
  readonly node: Node;
  readonly place: Place;
}

type Place = readonly (string | number)[];

/** Numbers of the file that JavaScript does not have exactly. Whole numbers are read as BigInt. */
function inexactNumbers(root: ParsedNode | null): readonly Placed[] {
  const found: Placed[] = [];
  if (root === null) return found;
  visit(root, {
    Scalar(_, node, above) {
      const { value, source = '' } = node;
      if (typeof value !== 'number') return;
      const written = source.replace(/^\+/, '').replace(/^(-?)\./, '$10.');
      if (isDecimal(written) && compareDecimals(written, String(value)) === 0) return;
      found.push({ node, place: placeOf([...above, node]) });
    },
  });
  return found;
}

/** The names and indexes of the nodes from the root to a value. */
const placeOf = (nodes: readonly unknown[]): Place =>
  nodes.flatMap((node, depth): Place => {
    if (isPair(node)) return isScalar(node.key) ? [String(node.key.value)] : [];
    return isSeq(node) ? [node.items.indexOf(nodes[depth + 1])] : [];
  });

const formatPlace = (place: Place): string =>
  place.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`)).join('');

/** Where a value is in the text. For one that is missing, where it should be. */
function offsetOf(document: ReturnType<typeof parseDocument>, place: Place): number | undefined {
  for (let depth = place.length; depth >= 0; depth -= 1) {
    const above = depth === 0 ? undefined : document.getIn(place.slice(0, depth - 1), true);
    const pair = isMap(above)
      ? above.items.find(({ key }) => isScalar(key) && String(key.value) === String(place[depth - 1]))
      : undefined;
    if (isPair(pair) && isScalar(pair.key)) return pair.key.range?.[0];
    const node = document.getIn(place.slice(0, depth), true);
    if (typeof node === 'object' && node !== null && 'range' in node) return (node as Node).range?.[0];
  }
  return undefined;
}
