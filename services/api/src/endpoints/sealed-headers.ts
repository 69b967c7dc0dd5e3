import type { EndpointHeadersOut } from '@posthorn/contracts/api/endpoint';
import { type Endpoint, type SealContext, ValidationError } from '@posthorn/core';
import { checkEndpointHeaders, isSensitiveHeader } from '@posthorn/core/endpoint/header-rules';

/** Encrypts values that nobody may read in the table. Each value is bound to its endpoint. */
export interface Seal {
  seal(text: string, context: SealContext): Promise<string>;
  open(sealed: string, context: SealContext): Promise<string>;
}

/** The fields of an endpoint that its sealed values are bound to. */
export const sealContextOf = ({ organisationId, endpointId }: Endpoint): SealContext => ({
  organisationId,
  endpointId,
});

export type Headers = Readonly<Record<string, string>>;

/** Headers of a request, and their place in it. */
export interface GivenHeaders {
  readonly headers: Headers | null | undefined;
  readonly loc: readonly string[];
}

/**
 * Seals headers for the table. Without headers nothing is stored.
 *
 * @throws ValidationError if a header may not be sent
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

/** Headers in a response. Of those that are likely credentials only the names are shown. */
export function toHeadersOut(headers: Headers): EndpointHeadersOut {
  const isSensitive = ([name]: readonly [string, string]): boolean => isSensitiveHeader(name);
  const entries = Object.entries(headers);
  return {
    headers: Object.fromEntries(entries.filter((entry) => !isSensitive(entry))),
    sensitive: entries.filter(isSensitive).map(([name]) => name),
  };
}
