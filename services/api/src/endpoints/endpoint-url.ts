import { invalidField } from '../http/refusals.ts';

/**
 * An endpoint's address in its normal form. Where it leads is looked at when it is called, not here: a name may lead
 * elsewhere by then.
 *
 * @throws ValidationError when it is no absolute https address (or http, where that is allowed)
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
