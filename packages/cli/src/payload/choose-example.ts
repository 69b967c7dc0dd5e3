import { newestSchema } from '@posthorn/core/event-type/newest-schema';
import { isObject } from './is-object.ts';
import { makeExample } from './make-example.ts';

/** An example of an event type, and where it is from. */
export type ChosenExample =
  | { readonly kind: 'given' | 'made'; readonly value: Readonly<Record<string, unknown>> }
  /** There is no such example: `count` are given. */
  | { readonly kind: 'absent'; readonly count: number }
  | { readonly kind: 'no-schema' }
  | { readonly kind: 'not-an-object' };

/**
 * Chooses an example of an event type from its newest schema, which is the one that messages are checked against:
 * of its `examples`, or its `example`. If it has none, one is made from the schema.
 *
 * @param index - which of the examples, from 0; `undefined` for the first one
 */
export function chooseExample(
  schemas: Readonly<Record<string, unknown>> | null,
  index: number | undefined,
): ChosenExample {
  const newest = newestSchema(schemas ?? {});
  if (!newest) return { kind: 'no-schema' };
  const { examples, example } = isObject(newest.schema) ? newest.schema : {};
  const given: readonly unknown[] = Array.isArray(examples) ? examples : [];
  if (given.length > 0) return toChosen('given', given, index);
  if (example !== undefined) return toChosen('given', [example], index);
  return toChosen('made', [makeExample(newest.schema)], index);
}

function toChosen(kind: 'given' | 'made', values: readonly unknown[], index = 0): ChosenExample {
  if (index >= values.length) return { kind: 'absent', count: kind === 'given' ? values.length : 0 };
  const value = values[index];
  return isObject(value) ? { kind, value } : { kind: 'not-an-object' };
}
