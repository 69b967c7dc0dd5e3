export { allOperations as routes, type OperationId } from './all-operations.ts';
export type { Access, Operation as Route } from './operation.ts';
