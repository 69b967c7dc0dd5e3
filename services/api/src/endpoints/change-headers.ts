import type { EndpointHeadersPatch } from '@posthorn/contracts/api/endpoint';
import {
  type Endpoint,
  type EndpointRepository,
  openHeaders,
  ValidationError,
  type ValidationIssue,
} from '@posthorn/core';
import { checkSpellings } from '@posthorn/core/endpoint/header-rules';
import { type UpdateWithRetryDeps, updateWithRetry } from '../storing/update-with-retry.ts';
import { type Headers, type Seal, sealContextOf, sealHeaders } from './sealed-headers.ts';

export interface ChangeHeadersDeps extends UpdateWithRetryDeps {
  readonly endpoints: Pick<EndpointRepository, 'update'>;
  readonly seal: Seal;
}

interface Change {
  /** Reads the current endpoint. */
  readonly read: () => Promise<Endpoint>;
  /** Returns the new headers. */
  readonly toHeaders: (previous: Headers) => Headers;
  readonly now: Date;
}

/** Changes the headers that are sent with every attempt to an endpoint. */
export const createHeadersChanger =
  (deps: ChangeHeadersDeps) =>
  ({ read, toHeaders, now }: Change): Promise<Endpoint> =>
    updateWithRetry(deps, {
      read,
      write: deps.endpoints.update,
      change: async (previous) => {
        const { sealedHeaders: _, ...rest } = previous;
        const headers = toHeaders(await openHeaders(deps.seal, previous));
        const sealed = await sealHeaders(deps.seal, { headers, loc: ['body', 'headers'] }, sealContextOf(previous));
        return { ...rest, ...sealed, updatedAt: now };
      },
    });

/**
 * Null removes a header, a value sets it. Names are compared without case.
 *
 * @throws ValidationError when the patch names a header in two spellings, or sets and deletes it
 */
export function patchHeaders(previous: Headers, { headers, deleteHeaders }: EndpointHeadersPatch): Headers {
  const deleted = deleteHeaders ?? [];
  const names = [...Object.keys(headers), ...deleted];
  const set = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
  const issues = [
    ...checkSpellings(names, ['body', 'headers']),
    ...set.filter(([name]) => deleted.includes(name)).map(([name]) => bothSetAndDeleted(name)),
  ];
  if (issues.length > 0) throw new ValidationError(issues);
  const changed = new Set(names.map((name) => name.toLowerCase()));
  const kept = Object.entries(previous).filter(([name]) => !changed.has(name.toLowerCase()));
  return Object.fromEntries([...kept, ...set]);
}

const bothSetAndDeleted = (name: string): ValidationIssue => ({
  loc: ['body', 'deleteHeaders'],
  msg: `${name} is in headers and in deleteHeaders: give it in one of them`,
  type: 'value_error',
});
