import type { Deprecation } from '@posthorn/contracts/api/operation';

/** The headers that announce the end of an operation (RFC 9745 and RFC 8594). */
export const deprecationHeaders = ({ since, sunset }: Deprecation) => ({
  deprecation: `@${Date.parse(since) / 1_000}`,
  sunset: new Date(sunset).toUTCString(),
});
