declare module 'serverless-offline/lambda' {
  import type { LambdaInstance } from './lambda-pool.ts';

  /** The part of serverless-offline's Lambda that runs functions without its HTTP server. */
  export default class Lambda {
    constructor(serverless: unknown, options: Readonly<Record<string, unknown>>);
    create(functions: readonly { readonly functionKey: string; readonly functionDefinition: unknown }[]): void;
    get(functionKey: string): LambdaInstance;
    cleanup(): Promise<void>;
  }
}
