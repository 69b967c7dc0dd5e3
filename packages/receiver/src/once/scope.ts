const maxScopeLength = 256;

/** @throws RangeError if the scope is empty, too long, or has a space */
export function requireScope(scope: string | undefined): void {
  if (scope !== undefined && !(/^[!-~]+$/.test(scope) && scope.length <= maxScopeLength))
    throw new RangeError(`scope must be 1 to ${maxScopeLength} visible ASCII characters, without a space.`);
}

/**
 * The name of an id in a store that several handlers share. Two names are equal only if both their scopes and their ids
 * are: a scope has no space, and a name without a scope begins with no `@`.
 *
 * @example
 * inScope('shipping', 'msg_1') // => '@shipping msg_1'
 * inScope(undefined, 'msg_1') // => 'msg_1'
 */
export const inScope = (scope: string | undefined, id: string): string =>
  scope === undefined && !id.startsWith('@') ? id : `@${scope ?? ''} ${id}`;
