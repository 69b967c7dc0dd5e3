import type { AttributeValue } from '../values.ts';

/** A parsed expression with places for the values. A part without a place is the same each time, and is shared. */
export type Template =
  | { readonly kind: 'same'; readonly part: unknown }
  | { readonly kind: 'place'; readonly name: string }
  | { readonly kind: 'list'; readonly parts: readonly Template[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, member: Template])[] };

type Values = Readonly<Record<string, AttributeValue>>;

/**
 * Finds the values in a parsed expression. dynalite's parsers put the very objects there.
 *
 * @returns nothing if one object has two names, because its places cannot be told apart
 */
export function toTemplate(parsed: unknown, values: Values): Template | undefined {
  const names = new Map<unknown, string>(Object.entries(values).map(([name, value]) => [value, name]));
  if (names.size < Object.keys(values).length) return undefined;
  return templateOf(parsed, names);
}

function templateOf(part: unknown, names: ReadonlyMap<unknown, string>): Template {
  const same = { kind: 'same', part } as const;
  if (typeof part !== 'object' || part === null) return same;
  const name = names.get(part);
  if (name !== undefined) return { kind: 'place', name };
  if (Array.isArray(part)) {
    const parts = part.map((one) => templateOf(one, names));
    return parts.every(isSame) ? same : { kind: 'list', parts };
  }
  const members = Object.entries(part).map(([member, one]) => [member, templateOf(one, names)] as const);
  return members.every(([, one]) => isSame(one)) ? same : { kind: 'object', members };
}

const isSame = ({ kind }: Template): boolean => kind === 'same';

/** Puts values into their places. */
export function fill(template: Template, values: Values): unknown {
  switch (template.kind) {
    case 'same':
      return template.part;
    case 'place':
      return values[template.name];
    case 'list':
      return template.parts.map((part) => fill(part, values));
    case 'object': {
      const filled: Record<string, unknown> = {};
      for (const [name, member] of template.members) filled[name] = fill(member, values);
      return filled;
    }
  }
}
