import { isObject } from '../../payload/is-object.ts';

/** What a token says about itself. */
export interface Claims {
  readonly id: string | null;
  readonly expiresAt: string | null;
}

/** Reads the id and the end of a token that the server has just made. Nothing is verified. */
export function readClaims(token: string): Claims {
  const claims = parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const { jti, exp } = isObject(claims) ? claims : {};
  return {
    id: typeof jti === 'string' ? jti : null,
    expiresAt: typeof exp === 'number' ? new Date(exp * 1_000).toISOString() : null,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
