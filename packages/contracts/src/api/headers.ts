import { headerNamePattern, headerValuePattern, maxHeaderValueLength } from '@posthorn/core/endpoint/header-rules';
import * as z from 'zod/mini';
import { component, described } from './documentation.ts';

const headerName = component(
  'HeaderName',
  z
    .string()
    .check(z.regex(headerNamePattern, { error: 'must be a header name that neither Posthorn nor its network uses' })),
);
const headerValue = component(
  'HeaderValue',
  z
    .string()
    .check(z.maxLength(maxHeaderValueLength), z.regex(headerValuePattern, { error: 'must be a valid header value' })),
);
/** zod calls a key that does not match only invalid. */
const headerNameProblem = ({
  code,
  issues = [],
}: {
  readonly code?: string;
  readonly issues?: readonly { readonly message?: string }[];
}) => (code === 'invalid_key' ? issues[0]?.message : undefined);

const headersText = 'Names are compared without case: no two of them are the same. At most 65536 bytes in all.';

/** HTTP headers of a request: names and values. */
export const headers = described(headersText, z.record(headerName, headerValue, { error: headerNameProblem }));

/** Changes of headers: null removes one. */
export const changedHeaders = described(
  `${headersText} null removes a header.`,
  z.record(headerName, z.nullable(headerValue), { error: headerNameProblem }),
);

/** HTTP headers of a response. */
export const shownHeaders = z.record(z.string(), z.string());
