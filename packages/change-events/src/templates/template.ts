import { UnusableData } from '@posthorn/core';
import { findValue, formatPath, type Path, parsePath } from '../values/path.ts';
import { type Item, scalarText } from '../values/value.ts';

/** A text with places that are filled from a change, as plain data. */
export type Template = readonly TemplatePart[];

type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'value'; readonly image: Image; readonly path: Path };

const words = ['operation', 'source', 'table'] as const;
type Word = (typeof words)[number];

const images = ['new', 'old', 'keys', 'item'] as const;
type Image = (typeof images)[number];

/** What a template is filled with. `item` is the new version, or the old one of an item that was removed. */
export type TemplateValues = Readonly<Record<Word, string>> & Readonly<Record<Image, Item | undefined>>;

/**
 * Reads a template such as `order.${operation}` or `${new.status}-${customer.id}`. A path without `new`, `old` or `keys` is
 * one into the item. `$$` stands for `$`.
 *
 * @returns the template, or what is wrong with the text
 */
export function parseTemplate(text: string): { readonly template: Template } | { readonly problem: string } {
  const template: TemplatePart[] = [];
  // A place, an escaped dollar, a dollar alone, or text without any.
  for (const [part, place] of text.matchAll(/\$\{([^}]*)\}|\$\$|\$|[^$]+/g)) {
    if (place !== undefined) {
      const parsed = parsePlace(place.trim());
      if (parsed === undefined)
        return { problem: `has no attribute path in \${${place}}. Write \${status} or \${new.a.b}` };
      template.push(parsed);
    } else if (part === '$') return { problem: `has a $ that begins no \${…}. Write $$ for the character itself` };
    else template.push({ kind: 'text', text: part === '$$' ? '$' : part });
  }
  return { template };
}

function parsePlace(place: string): TemplatePart | undefined {
  const word = words.find((known) => known === place);
  if (word !== undefined) return { kind: 'word', word };
  const path = parsePath(place);
  if (path === undefined) return undefined;
  const image = images.find((known) => known === path[0]);
  if (image === undefined) return { kind: 'value', image: 'item', path };
  return path.length === 1 ? undefined : { kind: 'value', image, path: path.slice(1) };
}

/**
 * The text of a template for a change.
 *
 * @param field - the name of the field in the file, for the error
 * @throws UnusableData if an attribute is missing, or is neither a text, a number nor true or false
 */
export const fillTemplate = (template: Template, values: TemplateValues, field: string): string =>
  template.map((part) => fillPart(part, values, field)).join('');

function fillPart(part: TemplatePart, values: TemplateValues, field: string): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'word':
      return values[part.word];
    case 'value': {
      const value = findValue(values[part.image], part.path);
      const name = `${part.image}.${formatPath(part.path)}`;
      if (value === undefined) throw new UnusableData(`${field}: there is no ${name}`);
      const text = scalarText(value);
      if (text === undefined) throw new UnusableData(`${field}: ${name} is no text, number, true or false`);
      return text;
    }
  }
}
