// Types for the parts of dynalite 4 that this package uses. dynalite has no types.

declare module 'dynalite/db/index.js' {
  import type { AttributeValue, Item } from '../values.ts';

  type Failure = Error & { readonly statusCode: number; readonly body: Readonly<Record<string, unknown>> };
  interface KeyElement {
    readonly AttributeName: string;
    readonly KeyType: string;
  }
  interface TableLayout {
    readonly KeySchema: readonly KeyElement[];
    readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
  }

  const db: {
    validationError(message: string): Failure;
    validateKey(key: Item, table: TableLayout): Failure | undefined | null;
    validateItem(item: Item, table: TableLayout): Failure | undefined | null;
    validateKeyPaths(paths: unknown, table: TableLayout): Failure | undefined | null;
    createKey(item: Item, table: TableLayout, schema?: readonly KeyElement[]): string;
    validateUpdates(older: unknown, parsed: unknown, table: TableLayout): Failure | undefined | null;
    checkConditional(request: object, item: Item | undefined): Failure | undefined | null;
    matchesFilter(item: Item, filter: object, operator?: string): boolean;
    compare: (operator: string, value: AttributeValue, operands: AttributeValue | readonly AttributeValue[]) => boolean;
  };
  export default db;
}

declare module 'dynalite/db/conditionParser.js' {
  const parser: { parse(text: string, options: object): unknown };
  export default parser;
}
declare module 'dynalite/db/projectionParser.js' {
  const parser: { parse(text: string, options: object): unknown };
  export default parser;
}
declare module 'dynalite/db/updateParser.js' {
  const parser: { parse(text: string, options: object): unknown };
  export default parser;
}

declare module 'dynalite/validations/index.js' {
  type Types = Readonly<Record<string, unknown>>;
  type Check = (request: never, store: unknown) => string | undefined | null;

  const validations: {
    checkValidations(request: object, types: Types, check: Check | undefined, store: unknown): void;
    toLowerFirst(text: string): string;
    /** Adds the parsed expressions to the request, or returns what is wrong. */
    validateExpressions(request: object): string | undefined | null;
  };
  export default validations;
}

declare module 'dynalite/validations/*' {
  const operation: {
    readonly types: Readonly<Record<string, unknown>>;
    readonly custom?: (request: never, store: unknown) => string | undefined | null;
  };
  export default operation;
}

declare module 'dynalite/actions/*' {
  const action: (
    store: object,
    request: object,
    done: (error: Error | null | undefined, answer?: Readonly<Record<string, unknown>>) => void,
  ) => void;
  export default action;
}
