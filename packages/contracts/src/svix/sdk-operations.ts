import type { Operation } from '../api/operation.ts';
import { sdkMethods } from './sdk-methods.ts';

/** Two paths are the same one if only the names of their parameters differ. */
export const toRoute = (request: string): string => request.replaceAll(/\{\w+\}/g, '{}');

const routes: ReadonlySet<string> = new Set(Object.values(sdkMethods).map(toRoute));

/** The ids of the operations that the `svix` package has a method for. */
export const sdkOperationIds = (operations: readonly Operation[]): readonly string[] =>
  operations.filter(({ method, path }) => routes.has(toRoute(`${method} ${path}`))).map(({ id }) => id);
