import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';

/** A piece of an expression: literal text, or an attribute name or value that becomes a placeholder. */
export type Piece = string | { readonly name: string } | { readonly value: AttributeValue };

export type Pieces = readonly Piece[];

/** What may be wrong with the placeholders of a request. */
export type Defect = 'none' | 'unused value' | 'unused name' | 'missing value' | 'missing name';

export interface Rendered {
  readonly texts: Readonly<Record<string, string>>;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** Fills in the placeholders of all expressions of one request. */
export function render(expressions: Readonly<Record<string, Pieces | undefined>>, defect: Defect = 'none'): Rendered {
  const names = new Map<string, string>();
  const values: AttributeValue[] = [];
  const write = (piece: Piece): string => {
    if (typeof piece === 'string') return piece;
    if ('value' in piece) return `:v${values.push(piece.value) - 1}`;
    const placeholder = names.get(piece.name) ?? `#n${names.size}`;
    names.set(piece.name, placeholder);
    return placeholder;
  };
  const texts = Object.fromEntries(
    Object.entries(expressions).flatMap(([name, pieces]) =>
      pieces === undefined ? [] : [[name, pieces.map(write).join('')]],
    ),
  );
  const nameMap = Object.fromEntries([...names].map(([name, placeholder]) => [placeholder, name]));
  const valueMap = Object.fromEntries(values.map((value, place) => [`:v${place}`, value]));
  applyDefect(nameMap, valueMap, defect);
  return {
    texts,
    ...(Object.keys(nameMap).length > 0 ? { ExpressionAttributeNames: nameMap } : {}),
    ...(Object.keys(valueMap).length > 0 ? { ExpressionAttributeValues: valueMap } : {}),
  };
}

function applyDefect(names: Record<string, string>, values: Record<string, AttributeValue>, defect: Defect): void {
  switch (defect) {
    case 'none':
      break;
    case 'unused value':
      values[':unused'] = { S: 'unused' };
      break;
    case 'unused name':
      names['#unused'] = 'unused';
      break;
    case 'missing value':
      delete values[':v0'];
      break;
    case 'missing name':
      delete names['#n0'];
      break;
  }
}

export const defect: fc.Arbitrary<Defect> = fc.oneof(
  { weight: 150, arbitrary: fc.constant<Defect>('none') },
  { weight: 1, arbitrary: fc.constantFrom<Defect>('unused value', 'unused name', 'missing value', 'missing name') },
);

/** Joins pieces. */
export const join = (...parts: readonly (Piece | Pieces)[]): Pieces =>
  parts.flatMap((part) => (isPieces(part) ? part : [part]));

export const separated = (parts: readonly Pieces[], separator: string): Pieces =>
  parts.flatMap((part, place) => (place === 0 ? part : [separator, ...part]));

const isPieces = (part: Piece | Pieces): part is Pieces => Array.isArray(part);
