import { invalidField } from '../http/refusals.ts';

/**
 * Returns an endpoint's URL in its normal form. The address behind the name can change, so it is checked at each
 * attempt and not here.
 *
 * @throws ValidationError if it is not an absolute https URL (or http, if that is allowed)
 */
export function readEndpointUrl(
  text: string,
  { allowHttp, loc }: { allowHttp: boolean; loc: readonly string[] },
): string {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw invalidField(loc, 'must be an absolute http or https URL');
  }
  if (url.protocol === 'http:' && !allowHttp) throw invalidField(loc, 'must be an https URL');
  return url.href;
}
