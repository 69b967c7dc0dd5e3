import type { EventExampleIn } from '@posthorn/contracts/api/endpoint';
import { DomainError, type EventType, type EventTypeRepository } from '@posthorn/core';
import { notFound } from '../http/refusals.ts';

/** An event type that every organisation has an example of, whether or not it has created it. */
const ping = { eventType: 'svix.ping', payload: { success: true } };

/** The version of an event type's schemas that Svix takes the examples from. */
const firstVersion = '1';

/**
 * The payload of an example of an event type, as JSON. It is one of the `examples` of its schema: of version 1, or of the
 * first version that there is. A schema without them can have one `example`, as in OpenAPI; `exampleIndex` is ignored then.
 *
 * @throws DomainError `not_found` if there is no such event type or example, `invalid_scheme` if it has no example to send
 */
export async function readExamplePayload(
  { find }: Pick<EventTypeRepository, 'find'>,
  organisationId: string,
  { eventType, exampleIndex }: EventExampleIn,
): Promise<string> {
  if (eventType === ping.eventType) return JSON.stringify(ping.payload);
  const found = await find(organisationId, eventType);
  if (!found) throw notFound(`There is no event type ${eventType}`);
  const example = chooseExample(found, exampleIndex ?? 0);
  if (isObject(example)) return JSON.stringify(example);
  throw new DomainError('invalid_scheme', `The example of ${eventType} is not a JSON object: payloads must be one`);
}

function chooseExample({ name, schemas = {} }: EventType, index: number): unknown {
  const schema = schemas[firstVersion] ?? Object.values(schemas)[0];
  const { examples, example } = isObject(schema) ? schema : {};
  if (Array.isArray(examples) && examples.length > 0) {
    if (index < examples.length) return examples[index];
    throw notFound(`The last example of ${name} has the index ${examples.length - 1}`);
  }
  if (example !== undefined) return example;
  throw new DomainError('invalid_scheme', `The schema of ${name} has no examples: add an array of them as "examples"`);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
