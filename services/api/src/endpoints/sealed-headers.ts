import type { EndpointHeadersOut } from '@posthorn/contracts/api/endpoint';
import { type Endpoint, type SealContext, ValidationError } from '@posthorn/core';
import { checkEndpointHeaders, isSensitiveHeader } from '@posthorn/core/endpoint/header-rules';

/** Encrypts what must not be read in the table, bound to its endpoint. */
export interface Seal {
  seal(text: string, context: SealContext): Promise<string>;
  open(sealed: string, context: SealContext): Promise<string>;
}

/** What an endpoint's sealed values are bound to, and nothing else of it. */
export const sealContextOf = ({ organisationId, endpointId }: Endpoint): SealContext => ({
  organisationId,
  endpointId,
});

export type Headers = Readonly<Record<string, string>>;

/** Headers of a request, and where they stand in it. */
export interface GivenHeaders {
  readonly headers: Headers | null | undefined;
  readonly loc: readonly string[];
}

/**
 * Headers as they are stored; nothing when there are none.
 *
 * @throws ValidationError for a header that may not be sent
 */
export async function sealHeaders(
  { seal }: Pick<Seal, 'seal'>,
  { headers, loc }: GivenHeaders,
  context: SealContext,
): Promise<Pick<Endpoint, 'sealedHeaders'>> {
  if (!headers || Object.keys(headers).length === 0) return {};
  const issues = checkEndpointHeaders(headers, loc);
  if (issues.length > 0) throw new ValidationError(issues);
  return { sealedHeaders: await seal(JSON.stringify(headers), context) };
}

/** Headers as they are shown: what is likely a credential by its name only. */
export function toHeadersOut(headers: Headers): EndpointHeadersOut {
  const isSensitive = ([name]: readonly [string, string]): boolean => isSensitiveHeader(name);
  const entries = Object.entries(headers);
  return {
    headers: Object.fromEntries(entries.filter((entry) => !isSensitive(entry))),
    sensitive: entries.filter(isSensitive).map(([name]) => name),
  };
}
