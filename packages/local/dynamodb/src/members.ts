/**
 * Names of attributes are chosen by the caller, so they can be those of JavaScript's own members: `constructor`,
 * `toString`, `__proto__`. These functions treat them as any other name.
 */

/** Sets a member, also one named `__proto__`: an assignment would change the prototype instead. */
export function setMember<T>(target: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  else target[name] = value;
}

/** Returns a member of the object itself, and nothing that every object has. */
export const memberOf = <T>(object: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** Returns the members in an object that has no others, for code of dynalite that reads any name from it. */
export const withoutInherited = <T extends object>(object: T): T =>
  // The members are the same.
  Object.assign(Object.create(null) as T, object);
