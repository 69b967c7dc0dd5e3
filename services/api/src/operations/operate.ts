import type { Operation, Operations, PathParameter } from '@posthorn/contracts/api/operation';
import type { Caller } from '@posthorn/secrets/tokens';
import type * as z from 'zod/mini';
import type { ApiAnswer } from '../http/api-event.ts';

type QueryOf<Of> = Of extends { readonly query: infer Query extends z.ZodMiniObject } ? z.output<Query> : undefined;
type BodyOf<Of> = Of extends { readonly body: infer Body extends z.ZodMiniType } ? z.output<Body> : undefined;

/** The parts of a request that an operation is given, as its contract defines them. */
export interface ApiRequest<Of extends Operation = Operation> {
  readonly caller: Caller;
  /** The parameters of the path, by name. */
  readonly path: Readonly<Record<PathParameter<Of['path']>, string>>;
  readonly query: QueryOf<Of>;
  readonly body: BodyOf<Of>;
  readonly now: Date;
}

/** The code of one operation. */
export type Operate<Of extends Operation> = (request: ApiRequest<Of>) => Promise<ApiAnswer>;

/** The code of every operation of a function, by the operation's id. */
export type Operates<Of extends Operations> = { readonly [Id in keyof Of]: Operate<Of[Id]> };
