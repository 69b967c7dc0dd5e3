/** Whether this is a system error of the given code, such as ENOENT. Not by its class: realms have one each. */
export const hasErrorCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
