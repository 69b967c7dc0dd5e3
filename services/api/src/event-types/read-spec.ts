import { maxBodyDepth } from '@posthorn/contracts/api/body-limits';
import type { EventTypeImportIn } from '@posthorn/contracts/api/event-type';
import { DomainError } from '@posthorn/core';
import { isJsonObject, type JsonObject } from '@posthorn/core/event-type/openapi/document';
import { load } from 'js-yaml';
import { requireFewParts } from '../http/part-limit.ts';
import { invalidField } from '../http/refusals.ts';
import { countParts } from './count-parts.ts';

/** YAML takes many times as long to parse as JSON: a text of this length up to a tenth of a second. */
const maxYamlCharacters = 131_072;

/** An OpenAPI document, and its place in the request. */
export interface Spec {
  readonly document: JsonObject;
  readonly loc: readonly string[];
}

/**
 * The OpenAPI document of a request.
 *
 * @throws DomainError `invalid_spec` unless there is exactly one
 * @throws ValidationError if it is a text that cannot be read, or too large
 */
export function readSpec({ spec, specRaw }: EventTypeImportIn): Spec {
  if (spec != null && specRaw != null) throw new DomainError('invalid_spec', 'Give either spec or specRaw, not both');
  if (spec != null) return { document: spec, loc: ['body', 'spec'] };
  if (specRaw == null) throw new DomainError('invalid_spec', 'Give spec or specRaw');
  const loc = ['body', 'specRaw'];
  const document = /^\s*\{/.test(specRaw) ? parseJson(specRaw, loc) : parseYaml(specRaw, loc);
  if (!isJsonObject(document)) throw invalidField(loc, 'must be an OpenAPI document in JSON or YAML');
  return { document, loc };
}

function parseJson(text: string, loc: readonly string[]): unknown {
  requireFewParts(text, loc);
  try {
    return JSON.parse(text);
  } catch {
    // YAML has braces, too.
    return parseYaml(text, loc);
  }
}

function parseYaml(text: string, loc: readonly string[]): unknown {
  if (text.length > maxYamlCharacters)
    throw invalidField(loc, `must have at most ${maxYamlCharacters} characters as YAML: convert it to JSON`);
  const value = readYaml(text, loc);
  const problem = countParts(value);
  if (problem !== undefined) throw invalidField(loc, problem);
  return value;
}

function readYaml(text: string, loc: readonly string[]): unknown {
  try {
    return load(text, { maxDepth: maxBodyDepth });
  } catch (error) {
    // Some texts make it throw other errors than its own.
    const [reason] = error instanceof Error ? error.message.split('\n') : [];
    throw invalidField(loc, `must be JSON or YAML: ${reason}`);
  }
}
