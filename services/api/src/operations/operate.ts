import type { Operation, Operations, PathParameter } from '@posthorn/contracts/api/operation';
import type { Caller } from '@posthorn/secrets/tokens';
import type * as z from 'zod/mini';
import type { ApiAnswer } from '../http/api-event.ts';
import type { RequestOrigin } from '../idempotency/request-origin.ts';

type QueryOf<Of> = Of extends { readonly query: infer Query extends z.ZodMiniObject } ? z.output<Query> : undefined;
type BodyOf<Of> = Of extends { readonly body: infer Body extends z.ZodMiniType } ? z.output<Body> : undefined;

/** The parts of a request that an operation receives, as its contract defines them. */
export interface ApiRequest<Of extends Operation = Operation> {
  readonly caller: Caller;
  /** The parameters of the path, by name. */
  readonly path: Readonly<Record<PathParameter<Of['path']>, string>>;
  readonly query: QueryOf<Of>;
  readonly body: BodyOf<Of>;
  readonly now: Date;
  /** The address that the request was sent to: scheme and host. */
  readonly baseUrl: string;
}

/** A request that is no POST. It can be held for long. */
export interface HoldableRequest<Of extends Operation = Operation> extends ApiRequest<Of> {
  readonly requestId: string;
  /** How many milliseconds are left until the function is stopped. */
  readonly remainingMs: () => number;
  /**
   * Checks again whether the caller may do this.
   *
   * @throws DomainError `authentication_failed` or `insufficient_access`
   */
  readonly checkAccessAgain: () => Promise<void>;
}

/** The code of one operation. */
export type Operate<Of extends Operation> = (request: HoldableRequest<Of>) => Promise<ApiAnswer>;

/** The parts of a request that are known before its query and body are read. */
export interface PathRequest<Of extends Operation> extends Pick<ApiRequest<Of>, 'caller' | 'path' | 'now'> {
  /**
   * Reads the body already, if it says what is to be found.
   *
   * @throws ValidationError with the first hundred errors in it
   */
  readonly readBody: () => ApiRequest<Of>['body'];
}

/** A POST, with where the ids of what it creates come from. */
export interface PostRequest<Of extends Operation = Operation> extends ApiRequest<Of> {
  readonly origin: RequestOrigin;
}

/** A POST, after the things that its path names have been found. */
export interface FoundPost<Of extends Operation = Operation> {
  /** The ids of these things, in a fixed order. They are part of the identity under which the request is repeated. */
  readonly ids: readonly string[];
  readonly operate: (request: PostRequest<Of>) => Promise<ApiAnswer>;
}

/** How the answer of a POST is repeated while the thing that it names exists. */
export type RepeatsAnswer =
  /** As it was. */
  | { readonly exists: (name: string) => Promise<boolean>; readonly show?: undefined }
  /** The thing as it is now: part of it can have been expunged. Undefined: it does not exist. */
  | { readonly show: (name: string) => Promise<ApiAnswer | undefined>; readonly exists?: undefined };

/**
 * The code of a POST. It first finds what the path names, if the caller may see it. Then the request is done, or gets the
 * answer of the first request with its idempotency key.
 */
export type FindPost<Of extends Operation> = (
  request: PathRequest<Of>,
) => Promise<Of extends { readonly answerNames: 'nothing' } ? FoundPost<Of> : FoundPost<Of> & RepeatsAnswer>;

/** The code of every operation of a function, by the operation's id. */
export type Operates<Of extends Operations> = {
  readonly [Id in keyof Of]: Of[Id] extends { readonly method: 'POST' } ? FindPost<Of[Id]> : Operate<Of[Id]>;
};
