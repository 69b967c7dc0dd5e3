import { invalidField } from '../http/refusals.ts';

/** Which URLs endpoints may have. */
export interface UrlRules {
  readonly allowHttp: boolean;
  /** Every port when empty. */
  readonly allowedPorts: readonly number[];
}

/**
 * Returns an endpoint's URL in its normal form. The address behind the name can change, so it is checked at each
 * attempt and not here.
 *
 * @throws ValidationError if it is not an absolute https URL (or http, if that is allowed) with an allowed port
 */
export function readEndpointUrl(
  text: string,
  { allowHttp, allowedPorts, loc }: UrlRules & { readonly loc: readonly string[] },
): string {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw invalidField(loc, 'must be an absolute http or https URL');
  }
  if (url.protocol === 'http:' && !allowHttp) throw invalidField(loc, 'must be an https URL');
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (allowedPorts.length > 0 && !allowedPorts.includes(port)) {
    throw invalidField(loc, `must have one of the allowed ports: ${allowedPorts.join(', ')}`);
  }
  return url.href;
}
