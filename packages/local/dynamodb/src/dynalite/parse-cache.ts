import conditionParser from 'dynalite/db/conditionParser.js';
import projectionParser from 'dynalite/db/projectionParser.js';
import updateParser from 'dynalite/db/updateParser.js';
import type { AttributeValue } from '../values.ts';
import { fill, type Template, toTemplate } from './template.ts';

/** What dynalite's parsers get beside the text of an expression. */
interface ParseContext {
  readonly attrNames?: Readonly<Record<string, string>>;
  readonly attrVals?: Readonly<Record<string, AttributeValue>>;
  readonly unusedAttrNames: Record<string, unknown>;
  readonly unusedAttrVals: Record<string, unknown>;
  readonly isKeyCondition?: boolean;
}

interface Parser {
  parse(text: string, options: { readonly context: ParseContext }): unknown;
}

/** A parsed expression without its values, and the placeholders that it uses. */
interface Parsed {
  readonly template: Template;
  readonly usedNames: readonly string[];
  readonly usedValues: readonly string[];
}

const maxParsed = 1_000;

/**
 * Makes a parser remember what it parsed, because a program sends few different expressions. An expression is the same
 * if its text, the names, and the types of the values are the same: the parser checks nothing else of the values, except
 * in the expressions that `dependsOnValues` finds.
 */
function rememberParsed(parser: Parser): void {
  const parse = parser.parse;
  let known = new Map<string, Parsed>();
  parser.parse = (text, options) => {
    const { context } = options;
    const key = keyOf(text, context);
    const found = known.get(key);
    if (found) return reuse(found, context);
    const names = Object.keys(context.unusedAttrNames);
    const values = Object.keys(context.unusedAttrVals);
    const result = parse(text, options);
    // An error is a text.
    const isKept = typeof result === 'object' && !dependsOnValues(text);
    const template = isKept ? toTemplate(result, context.attrVals ?? {}) : undefined;
    if (template) {
      if (known.size >= maxParsed) known = new Map();
      const isUsed = (unused: object) => (name: string) => !Object.hasOwn(unused, name);
      known.set(key, {
        template,
        usedNames: names.filter(isUsed(context.unusedAttrNames)),
        usedValues: values.filter(isUsed(context.unusedAttrVals)),
      });
    }
    return result;
  };
}

function reuse({ template, usedNames, usedValues }: Parsed, context: ParseContext): unknown {
  for (const name of usedNames) delete context.unusedAttrNames[name];
  for (const name of usedValues) delete context.unusedAttrVals[name];
  return fill(template, context.attrVals ?? {});
}

/**
 * The parser compares the bounds of BETWEEN, and checks the type name of `attribute_type`. The list of unused
 * placeholders is part of the key, because an expression that was parsed before may have used some.
 */
const dependsOnValues = (text: string): boolean => /between|attribute_type/i.test(text);

function keyOf(text: string, { attrNames, attrVals, isKeyCondition, ...unused }: ParseContext): string {
  let key = `${isKeyCondition === true ? 'key' : ''}\n${text}`;
  for (const name in attrNames) key += `\n${name}\n${attrNames[name]}\n${name in unused.unusedAttrNames}`;
  for (const name in attrVals) key += `\n${name}\n${typeOf(attrVals[name])}\n${name in unused.unusedAttrVals}`;
  return key;
}

function typeOf(value: AttributeValue | undefined): string {
  let types = '';
  for (const type in value) types += type;
  return types;
}

for (const parser of [conditionParser, projectionParser, updateParser]) rememberParsed(parser);
