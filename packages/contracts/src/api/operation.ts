import type { Capability } from '@posthorn/core';
import type * as z from 'zod/mini';

/**
 * Which token an operation needs: none, the organisation's, the organisation's or one of its applications', or only one of
 * its applications'.
 */
export type Access = 'anyone' | 'organisation' | 'application' | 'only-application';

/**
 * What the answer of a POST names, and the field of the answer that has the id or name. The answer to an idempotency key
 * is repeated only while that thing exists. `nothing`: the answer names no thing that could be gone, or
 * must not be made again.
 */
export type AnswerNames =
  | { readonly thing: 'application' | 'endpoint' | 'message' | 'background-task' | 'integration'; readonly field: 'id' }
  | { readonly thing: 'event-type'; readonly field: 'name' }
  | { readonly thing: 'token'; readonly field: 'token' }
  | 'nothing';

/** What clients are told about an operation that is going to be removed. Days are in UTC: `2026-01-31`. */
export interface Deprecation {
  readonly since: string;
  /** The day on which it is removed; at the earliest half a year after `since`. */
  readonly sunset: string;
  /** What to use from now on: a sentence. */
  readonly instead: string;
}

interface ContractParts {
  /** With parameters in braces: `/api/v1/app/{app_id}`. */
  readonly path: `/${string}`;
  readonly access: Access;
  /**
   * What a token of an application needs if it is restricted. Absent: `ViewBase` for reading, and a token without
   * restrictions for everything else (`capabilityOf`).
   */
  readonly capability?: Capability;
  /** A few words for the list of operations. */
  readonly summary: string;
  /** Its answers say so in the headers `Deprecation` and `Sunset`, and so does the OpenAPI document. */
  readonly deprecated?: Deprecation;
  /** What parameters of the path must be that can name a new thing. Any other value finds nothing, which is 404. */
  readonly newNames?: Readonly<Record<string, z.ZodMiniType<string>>>;
  readonly query?: z.ZodMiniObject;
  readonly body?: z.ZodMiniType;
  /**
   * The schema of the body for each status of success, and for what else the operation itself answers; `null` for an
   * answer that is not JSON. `answersOf` adds the refusals that every operation of its kind has.
   */
  readonly answers: Readonly<Record<number, z.ZodMiniType | null>>;
  /** Headers of the answers of success, by their names in lower case. Those that every answer has are not listed. */
  readonly answerHeaders?: Readonly<Record<string, AnswerHeader>>;
}

/** A header of an answer, as the OpenAPI document describes it. */
export interface AnswerHeader {
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Everything about one operation of the API that does not depend on the code that serves it. */
export type Contract =
  | (ContractParts & { readonly method: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'DELETE' })
  | PostContract;

/** What the contract of a POST has in addition, for requests that are repeated with an idempotency key. */
export interface PostContract extends ContractParts {
  readonly method: 'POST';
  readonly answerNames: AnswerNames;
  /** The answer shows values that are stored sealed, so the copy that is kept for repetitions is sealed too. */
  readonly sealAnswer?: true;
}

/** A contract with its id (also its `operationId` in the OpenAPI document) and the folder of the function that serves it. */
export type Operation<Id extends string = string, Folder extends string = string, Of = Contract> = Of & {
  readonly id: Id;
  readonly servedBy: Folder;
};

/** Operations by their ids. */
export type Operations = Readonly<Record<string, Operation>>;

/**
 * Defines the operations that one function serves.
 *
 * @param servedBy - the function's folder in services/api/src
 * @example
 * const eventTypeOperations = defineOperations('event-types', {
 *   'v1.event-type.get': {
 *     method: 'GET',
 *     path: '/api/v1/event-type/{event_type_name}',
 *     access: 'application',
 *     summary: 'Get an event type',
 *     answers: { 200: eventTypeOut },
 *   },
 * });
 */
export function defineOperations<const Folder extends string, const Of extends Readonly<Record<string, Contract>>>(
  servedBy: Folder,
  contracts: Of,
) {
  const operations = Object.entries(contracts).map(([id, contract]) => [id, { ...contract, id, servedBy }]);
  // The type of `Object.fromEntries` does not say which id has which contract.
  return Object.fromEntries(operations) as { readonly [Id in keyof Of & string]: Operation<Id, Folder, Of[Id]> };
}

/** The longest id, uid or name in a path. A table would refuse a longer one as a key. */
export const maxNameLength = 256;

/** The names of the parameters in a path. */
export type PathParameter<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never;

/**
 * What a restricted token of an application needs for an operation. Undefined: only a token without restrictions may do it,
 * so that an operation whose contract says nothing is open to nobody by mistake.
 */
export const capabilityOf = ({
  method,
  capability,
}: Pick<Operation, 'method' | 'capability'>): Capability | undefined =>
  capability ?? (method === 'GET' || method === 'HEAD' ? 'ViewBase' : undefined);
