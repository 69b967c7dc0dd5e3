/**
 * Returns whether an error has a code, such as ENOENT. It does not check the class, because each realm has its own
 * `Error`.
 */
export const hasErrorCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
