import { ValidationError } from '../../errors.ts';
import { type ConvertSchema, createSchemaConverter } from './convert-schema.ts';
import { follow, isJsonObject, type JsonObject } from './document.ts';

/** A webhook of an OpenAPI document, as the request for an event type that it amounts to. Nothing of it is checked. */
export interface Webhook {
  /** Its place in the request. */
  readonly loc: readonly string[];
  readonly name: string;
  readonly eventType: JsonObject;
}

const methods = ['post', 'put', 'patch', 'get', 'delete', 'options', 'head', 'trace'] as const;

/**
 * The webhooks of an OpenAPI document of version 3, from `webhooks` and `x-webhooks`. If both have a name, `webhooks`
 * counts. Each is read when it is asked for.
 *
 * @param loc - the place of the document in the request
 * @throws ValidationError when the document or the webhook is not as OpenAPI says
 */
export function* readWebhooks(document: JsonObject, loc: readonly string[]): Generator<Webhook> {
  if (!/^3\./.test(String(document.openapi))) throw refusal([...loc, 'openapi'], 'must be a version 3, such as 3.1.0');
  const convert = createSchemaConverter(document);
  const places = ['webhooks', 'x-webhooks'].filter((place) => document[place] !== undefined);
  if (places.length === 0) throw refusal([...loc, 'webhooks'], 'must be given: each webhook becomes an event type');
  const names = new Set<string>();
  for (const place of places) {
    const webhooks = document[place];
    if (!isJsonObject(webhooks)) throw refusal([...loc, place], 'must be an object');
    for (const [name, item] of Object.entries(webhooks)) {
      if (names.has(name)) continue;
      names.add(name);
      const at = [...loc, place, name];
      yield { loc: at, name, eventType: { name, ...readItem(document, item, { at, convert }) } };
    }
  }
}

interface ItemContext {
  readonly at: readonly string[];
  readonly convert: ConvertSchema;
}

function readItem(document: JsonObject, value: unknown, { at, convert }: ItemContext): JsonObject {
  const item = follow(document, value);
  if (!isJsonObject(item)) throw refusal(at, 'must be a path item, or refer to one in the same document');
  const method = methods.find((one) => isJsonObject(item[one])) ?? 'post';
  const operation = item[method];
  if (!isJsonObject(operation)) throw refusal(at, 'must have an operation, such as post');
  const followed = follow(document, operation.requestBody);
  const body = isJsonObject(followed) ? followed : {};
  const schema = schemaOf(body);
  const texts = [operation, item, body].flatMap(({ description, summary }) => [description, summary]);
  return {
    description: texts.find((text) => text !== undefined) ?? '',
    deprecated: operation.deprecated ?? false,
    ...(schema === undefined ? {} : { schemas: { 1: convert(schema, [...at, method, 'requestBody']) } }),
    ...extensionsOf({ ...item, ...operation }),
  };
}

/** The schema of the body: of its JSON if there are several kinds of content. */
function schemaOf({ content }: JsonObject): unknown {
  if (!isJsonObject(content)) return undefined;
  const types = Object.keys(content);
  const isJson = (pattern: RegExp) => types.find((type) => pattern.test(type));
  const type = isJson(/^application\/json\b/) ?? isJson(/json/) ?? types[0];
  const media = type === undefined ? undefined : content[type];
  return isJsonObject(media) ? media.schema : undefined;
}

/** What OpenAPI has no field for. */
const extensionsOf = (operation: JsonObject): JsonObject => ({
  ...given('groupName', operation['x-svix-group-name']),
  ...given('featureFlag', operation['x-svix-feature-flag']),
  ...given('featureFlags', operation['x-svix-feature-flags']),
});

const given = (name: string, value: unknown): JsonObject => (value === undefined ? {} : { [name]: value });

const refusal = (loc: readonly string[], msg: string): ValidationError =>
  new ValidationError([{ loc, msg, type: 'value_error' }]);
