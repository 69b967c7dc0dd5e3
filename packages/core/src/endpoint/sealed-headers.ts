import { UnusableData } from '../batch/unusable-data.ts';
import type { Endpoint, SealContext } from './endpoint.ts';
import { mergeSpellings } from './header-rules.ts';

/** Decrypts a value that was sealed for an endpoint. */
export type OpenSealed = (sealed: string, context: SealContext) => Promise<string>;

/**
 * Opens the headers that an endpoint adds to its requests. Rows of earlier versions may hold a header in two spellings.
 *
 * @throws UnusableData if the sealed text is not a map of texts
 */
export async function openHeaders(
  { open }: { readonly open: OpenSealed },
  { sealedHeaders, organisationId, endpointId }: Pick<Endpoint, 'sealedHeaders' | 'organisationId' | 'endpointId'>,
): Promise<Readonly<Record<string, string>>> {
  if (sealedHeaders === undefined) return {};
  const headers = parse(await open(sealedHeaders, { organisationId, endpointId }));
  if (!isHeaders(headers)) throw new UnusableData('the sealed headers of the endpoint are not a map of texts');
  return mergeSpellings(headers);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The text of the error would contain a part of the headers, so it is not kept as the cause.
    return undefined;
  }
}

const isHeaders = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((text) => typeof text === 'string');
