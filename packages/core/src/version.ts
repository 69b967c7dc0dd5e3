/** The version of Posthorn. Written by `pnpm run version` from the root's package.json; a test keeps the two equal. */
export const version = '0.1.0';
