import { newestSchema } from '@posthorn/core/event-type/newest-schema';
import { type CheckPayload, type Mismatch, TooManySteps } from '@posthorn/core/event-type/payload/check';
import { compileSchema } from '@posthorn/core/event-type/payload/compile-schema';
import { UncheckableSchema } from '@posthorn/core/event-type/payload/find-reference';
import { maxMismatches, maxSteps } from './limits.ts';

/** `uncheckable`: the schema cannot be used, whatever the payload is. */
export type CheckResult =
  | { readonly kind: 'fits' }
  | { readonly kind: 'misfits'; readonly mismatches: readonly Mismatch[] }
  | { readonly kind: 'uncheckable'; readonly reason: string };

/** A schema that is ready to use. It takes about `size` bytes. */
export type ReadySchema =
  | { readonly kind: 'ready'; readonly check: CheckPayload; readonly size: number }
  | { readonly kind: 'uncheckable'; readonly reason: string; readonly size: number };

/** What a schema is parsed to takes several times as much as its text. */
const bytesOfCharacter = 10;
const bytesOfReason = 1_000;

/** @param schemas - JSON Schemas by version, as JSON. The newest one counts. */
export function prepareSchema(schemas: string): ReadySchema {
  const { schema } = newestSchema(JSON.parse(schemas)) ?? { schema: true };
  try {
    const { check, size } = compileSchema(schema);
    return { kind: 'ready', check, size: size + schemas.length * bytesOfCharacter };
  } catch (error) {
    if (!(error instanceof UncheckableSchema)) throw error;
    return { kind: 'uncheckable', reason: error.message, size: bytesOfReason };
  }
}

/** @param payload - any text; absent: only whether the schema can be used */
export function checkPayload(schema: ReadySchema, payload: string | undefined): CheckResult {
  if (schema.kind === 'uncheckable') return { kind: 'uncheckable', reason: schema.reason };
  if (payload === undefined) return { kind: 'fits' };
  const parsed = parse(payload);
  if (parsed === undefined) return misfit('must be JSON, because the schema of its event type is enforced');
  try {
    const mismatches = schema.check(parsed.value, { maxMismatches, maxSteps });
    return mismatches.length === 0 ? { kind: 'fits' } : { kind: 'misfits', mismatches };
  } catch (error) {
    if (error instanceof TooManySteps) return misfit(error.message);
    throw error;
  }
}

const misfit = (message: string): CheckResult => ({ kind: 'misfits', mismatches: [{ path: [], message }] });

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // A raw payload can be any text.
    return undefined;
  }
}
