export { ensureSecretFile } from './local-files.ts';
export { CannotOpen } from './sealing.ts';
export type { SecretBox, SecretBoxKey } from './secret-box.ts';
export { createSecretBox } from './secret-box.ts';
export type { Caller, JwtSecretSource, TokenRequest, VerifyToken } from './tokens.ts';
export { createTokenVerifier, signToken } from './tokens.ts';
