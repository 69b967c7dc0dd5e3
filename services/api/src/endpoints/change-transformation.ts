import type { TransformationOut, TransformationPatch } from '@posthorn/contracts/api/transformation';
import {
  type Endpoint,
  type EndpointRepository,
  type TransformationContent,
  ValidationError,
  type ValidationIssue,
} from '@posthorn/core';
import { maxCodeBytes, maxVariablesBytes } from '@posthorn/core/endpoint/transformation';
import { type UpdateWithRetryDeps, updateWithRetry } from '../storing/update-with-retry.ts';
import { type Seal, sealContextOf } from './sealed-headers.ts';

export interface ChangeTransformationDeps extends UpdateWithRetryDeps {
  readonly endpoints: Pick<EndpointRepository, 'update'>;
  readonly seal: Seal;
}

interface Change {
  /** Reads the current endpoint. */
  readonly read: () => Promise<Endpoint>;
  readonly patch: TransformationPatch;
  readonly now: Date;
}

/** The code is `null` if there is none. */
interface Content extends Omit<TransformationContent, 'code'> {
  readonly code: string | null;
}

/**
 * Changes how an endpoint's messages are changed. The code is not run here: what is wrong with it shows in attempts.
 *
 * @throws ValidationError if the code or the variables are too long
 */
export const createTransformationChanger =
  (deps: ChangeTransformationDeps) =>
  ({ read, patch, now }: Change): Promise<Endpoint> =>
    updateWithRetry(deps, {
      read,
      write: deps.endpoints.update,
      change: async (previous) => {
        const before = await readContent(deps.seal, previous);
        const content = patched(before, patch);
        const enabled = patch.enabled ?? previous.transformation?.enabled ?? false;
        const issues = issuesOf(content);
        if (issues.length > 0) throw new ValidationError(issues);
        const isEmpty = content.code === null && Object.keys(content.variables).length === 0;
        const sealed = isEmpty ? undefined : await deps.seal.seal(JSON.stringify(content), sealContextOf(previous));
        const transformation = { ...(sealed !== undefined && { sealedContent: sealed }), enabled, updatedAt: now };
        return { ...previous, transformation, updatedAt: now };
      },
    });

/** The transformation as its owner gave it. */
export async function toTransformationOut(seal: Seal, endpoint: Endpoint): Promise<TransformationOut> {
  const { code, variables } = await readContent(seal, endpoint);
  const { transformation } = endpoint;
  return {
    code,
    enabled: transformation?.enabled ?? false,
    variables: Object.keys(variables).length === 0 ? null : variables,
    updatedAt: transformation?.updatedAt.toISOString() ?? null,
  };
}

async function readContent(seal: Seal, endpoint: Endpoint): Promise<Content> {
  const sealed = endpoint.transformation?.sealedContent;
  if (sealed === undefined) return { code: null, variables: {} };
  // Sealed by the code above, and bound to the endpoint.
  return JSON.parse(await seal.open(sealed, sealContextOf(endpoint))) as Content;
}

const patched = (
  before: Content,
  { code = before.code, variables = before.variables }: TransformationPatch,
): Content => ({
  code,
  variables: variables ?? {},
});

function issuesOf({ code, variables }: Content): readonly ValidationIssue[] {
  const problem = (field: string, msg: string): ValidationIssue => ({ loc: ['body', field], msg, type: 'value_error' });
  const variablesBytes = Buffer.byteLength(Object.entries(variables).flat().join(''));
  return [
    ...(Buffer.byteLength(code ?? '') > maxCodeBytes ? [problem('code', `must be at most ${maxCodeBytes} bytes`)] : []),
    ...(variablesBytes > maxVariablesBytes ? [problem('variables', `must be at most ${maxVariablesBytes} bytes`)] : []),
  ];
}
