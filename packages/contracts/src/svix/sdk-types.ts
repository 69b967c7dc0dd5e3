import type { DestinationIn, Svix } from 'svix';
import type * as z from 'zod/mini';
import type { allOperations } from '../api/all-operations.ts';
import type { SdkMethod, sdkMethods } from './sdk-methods.ts';

// Types only: they compare the types of the `svix` package with those of the contracts, so that a field that is missing, or
// has another type, is an error of the compiler.

/** The method of the package with this name: `endpoint.transformation.get`. */
type MethodOf<Api, Name extends string> = Name extends `${infer Resource}.${infer Rest}`
  ? Resource extends keyof Api
    ? MethodOf<Api[Resource], Rest>
    : never
  : Name extends keyof Api
    ? Api[Name]
    : never;

type Route<Request extends string> = Request extends `${infer Before}{${string}}${infer Rest}`
  ? `${Before}{}${Route<Rest>}`
  : Request;

type Operations = typeof allOperations;

type OperationsByRoute = {
  [Id in keyof Operations as Route<`${Operations[Id]['method']} ${Operations[Id]['path']}`>]: Operations[Id];
};

type OperationOf<Method extends SdkMethod> =
  Route<(typeof sdkMethods)[Method]> extends keyof OperationsByRoute
    ? OperationsByRoute[Route<(typeof sdkMethods)[Method]>]
    : never;

/** The methods whose operations have a contract. */
type ServedMethod = { [Method in SdkMethod]: OperationOf<Method> extends never ? never : Method }[SdkMethod];

type IsAny<Value> = 0 extends 1 & Value ? true : false;

/** The package has sixteen types of destinations. The contracts have one. */
type OtherDestination = { readonly type: Exclude<DestinationIn['type'], 'fifoEndpoint'> };

/** A type as it is in JSON: times and members of enumerations are plain values. */
type Json<Value> =
  IsAny<Value> extends true
    ? Value
    : Value extends Date
      ? string
      : Value extends string
        ? `${Value}`
        : Value extends number
          ? number extends Value
            ? Value
            : `${Value}` extends `${infer Plain extends number}`
              ? Plain
              : never
          : Value extends readonly (infer Item)[]
            ? Json<Item>[]
            : Value extends OtherDestination
              ? never
              : Value extends object
                ? { [Key in keyof Value]: Json<Value[Key]> | UndefinedIfOptional<Value, Key> }
                : Value;

type UndefinedIfOptional<Value, Key extends keyof Value> = Value extends Required<Pick<Value, Key>> ? never : undefined;

type KeyOf<Value> = Value extends unknown ? keyof Value : never;
type MemberOf<Value, Key extends PropertyKey> = Value extends unknown
  ? Key extends keyof Value
    ? Value[Key]
    : never
  : never;

type Direction = 'request' | 'response';
type Nothing = null | undefined;

/** Whether what one side writes is something that the other one reads. The package writes requests and reads responses. */
type Fits<Theirs, Ours, To extends Direction> = To extends 'request'
  ? [Theirs] extends [Ours]
    ? true
    : false
  : [Ours] extends [Theirs]
    ? true
    : false;

/** The paths of the members, however deep, that `Ours` does not have, or that have types that do not fit. */
type Misfit<Theirs, Ours, To extends Direction, At extends string> =
  IsAny<Theirs> extends true
    ? never
    :
        | (Fits<Extract<Theirs, Nothing>, Extract<Ours, Nothing>, To> extends true ? never : At)
        | MisfitOfValue<NonNullable<Theirs>, NonNullable<Ours>, To, At>;

type MisfitOfValue<Theirs, Ours, To extends Direction, At extends string> = [Theirs] extends [readonly (infer Item)[]]
  ? [Ours] extends [readonly (infer OurItem)[]]
    ? Misfit<Item, OurItem, To, `${At}[]`>
    : At
  : [Theirs] extends [object]
    ? MisfitOfMembers<Theirs, Ours, To, At>
    : Fits<Theirs, Ours, To> extends true
      ? never
      : At;

type MisfitOfMembers<Theirs, Ours, To extends Direction, At extends string> = {
  [Key in KeyOf<Theirs> & string]-?: Key extends KeyOf<Ours>
    ? Misfit<MemberOf<Theirs, Key>, MemberOf<Ours, Key>, To, `${At}.${Key}`>
    : `${At}.${Key}`;
}[KeyOf<Theirs> & string];

/** The argument of a method that becomes the body: the first one that is no name of the path. */
type BodyArgument<Arguments extends readonly unknown[]> = Arguments extends readonly [infer First, ...infer Rest]
  ? First extends string
    ? BodyArgument<Rest>
    : First
  : never;

type SentBy<Method extends SdkMethod> =
  MethodOf<Svix, Method> extends (...args: infer Arguments) => unknown ? BodyArgument<Required<Arguments>> : never;
/** `never` if the package reads nothing of the answer. */
type ReturnedBy<Method extends SdkMethod> =
  MethodOf<Svix, Method> extends (...args: never[]) => Promise<infer Result>
    ? Promise<Result> extends Promise<void>
      ? never
      : Result
    : never;

type TakenBy<Operation> = Operation extends { readonly body: infer Body extends z.ZodMiniType } ? z.input<Body> : never;
type AnswerOf<Operation> = Operation extends { readonly answers: infer Answers }
  ? { [Status in keyof Answers & (200 | 201 | 202)]: Answers[Status] }[keyof Answers &
      (200 | 201 | 202)] extends infer Answer
    ? Answer extends z.ZodMiniType
      ? z.output<Answer>
      : never
    : never
  : never;

/** A method without a body has options in its place. Which options an operation reads is compared in another test. */
type RequestMisfit<Sent, Taken> = [Taken] extends [never] ? never : Misfit<Json<Sent>, Taken, 'request', 'request'>;

type ResponseMisfit<Returned, Answer> = [Returned] extends [never]
  ? never
  : [Answer] extends [never]
    ? 'response'
    : Misfit<Json<Returned>, Answer, 'response', 'response'>;

type MisfitOf<Method extends SdkMethod> =
  | RequestMisfit<SentBy<Method>, TakenBy<OperationOf<Method>>>
  | ResponseMisfit<ReturnedBy<Method>, AnswerOf<OperationOf<Method>>>;

/** No connector is ever read or written. */
type OfConnector = `${Direction}.connectors[].${string}`;

/** The paths of the members that do not fit, by the method's name. A method that fits is absent. */
export type SdkMisfits = {
  [Method in ServedMethod as [Exclude<MisfitOf<Method>, OfConnector>] extends [never] ? never : Method]: Exclude<
    MisfitOf<Method>,
    OfConnector
  >;
};
