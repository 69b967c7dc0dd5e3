import { isCharacter, isInLine, toClassNode } from './character-tests.ts';
import { type PatternNode, UnmatchablePattern } from './pattern-node.ts';
import { readEscape } from './read-escape.ts';

/** Groups inside each other. Each takes room on the stack. */
const maxDepth = 100;
const quantifier = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/y;
const group = /\((?:\?(?::|<[^=!>][^>]*>)|(?!\?))/y;

/**
 * Reads a regular expression, which `isRegularExpression` has accepted.
 *
 * @throws UnmatchablePattern if it looks around, or refers back to what a group has matched
 */
export function parsePattern(pattern: string): PatternNode {
  let at = 0;
  let depth = 0;

  const take = (expression: RegExp): RegExpExecArray | undefined => {
    expression.lastIndex = at;
    const found = expression.exec(pattern);
    if (found === null) return undefined;
    at += found[0].length;
    return found;
  };

  const parseChoice = (): PatternNode => {
    depth += 1;
    if (depth > maxDepth) throw new UnmatchablePattern(`has more than ${maxDepth} groups inside each other`);
    const nodes = [parseSequence()];
    while (pattern[at] === '|') {
      at += 1;
      nodes.push(parseSequence());
    }
    depth -= 1;
    return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'choice', nodes };
  };

  const parseSequence = (): PatternNode => {
    const nodes: PatternNode[] = [];
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') nodes.push(repeated(parseAtom()));
    return { kind: 'sequence', nodes };
  };

  const repeated = (node: PatternNode): PatternNode => {
    const found = take(quantifier);
    if (!found) return node;
    const [text, least, comma, most] = found;
    if (least === undefined)
      return {
        kind: 'repeat',
        node,
        min: text[0] === '+' ? 1 : 0,
        max: text[0] === '?' ? 1 : Number.POSITIVE_INFINITY,
      };
    const min = Number(least);
    if (comma === undefined) return { kind: 'repeat', node, min, max: min };
    return { kind: 'repeat', node, min, max: most ? Number(most) : Number.POSITIVE_INFINITY };
  };

  const parseGroup = (): PatternNode => {
    if (!take(group)) throw new UnmatchablePattern('looks ahead or behind, or changes its flags');
    const node = parseChoice();
    at += 1;
    return node;
  };

  const parseAtom = (): PatternNode => {
    const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
    if (character === '(') return parseGroup();
    if (character === '[') return parseClass();
    if (character === '\\') {
      const { node, length } = readEscape(pattern, at);
      at += length;
      return node;
    }
    at += character.length;
    if (character === '^') return { kind: 'place', at: 'start' };
    if (character === '$') return { kind: 'place', at: 'end' };
    if (character === '.') return { kind: 'character', test: isInLine };
    return { kind: 'character', test: isCharacter(character.codePointAt(0) ?? 0) };
  };

  const parseClass = (): PatternNode => {
    const from = at;
    for (at += 1; at < pattern.length && pattern[at] !== ']'; at += 1) if (pattern[at] === '\\') at += 1;
    at += 1;
    return toClassNode(pattern.slice(from, at));
  };

  return parseChoice();
}
