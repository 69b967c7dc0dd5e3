import db from 'dynalite/db/index.js';
import type { CheckedRequest } from '../dynalite/checked-request.ts';
import { toRequestFailure, validationFailure } from '../failure.ts';
import { withoutInherited } from '../members.ts';
import type { State } from '../state/state.ts';
import type { Body } from '../values.ts';
import { applyChanges } from '../writes/apply-changes.ts';
import { addUnits, toConsumedCapacity, type Units, unitsOfChange, wantsCapacity } from '../writes/capacity.ts';
import { type EvaluatedWrite, evaluateDelete, evaluatePut, evaluateUpdate } from '../writes/evaluate.ts';

type Write = (state: State, request: CheckedRequest) => Promise<Body>;

const writeItem =
  (evaluate: (state: State, request: CheckedRequest) => EvaluatedWrite): Write =>
  async (state, request) => {
    const { change, attributes } = evaluate(state, request);
    const { planned, durable } = applyChanges(state, [change]);
    await durable;
    return {
      ...(attributes === undefined ? {} : { Attributes: attributes }),
      ...(wantsCapacity(request) && {
        ConsumedCapacity: toConsumedCapacity(request, change.table, addUnits(planned.map(unitsOfChange))),
      }),
    };
  };

export const putItem = writeItem(evaluatePut);
export const deleteItem = writeItem(evaluateDelete);
export const updateItem = writeItem(evaluateUpdate);

const maxBatchWrites = 25;

interface WriteRequest {
  readonly PutRequest?: { readonly Item: Body };
  readonly DeleteRequest?: { readonly Key: Body };
}

/** Applies up to 25 puts and deletes together. */
export const batchWriteItem: Write = async (state, request) => {
  // Checked by the operation's types.
  const tables = Object.entries(request.RequestItems as Readonly<Record<string, readonly WriteRequest[]>>);
  if (tables.reduce((sum, [, writes]) => sum + writes.length, 0) > maxBatchWrites)
    throw validationFailure('Too many items requested for the BatchWriteItem call');
  const evaluated = tables.flatMap(([TableName, writes]) =>
    writes.map((write) => evaluateBatched(state, TableName, write)),
  );
  const places = new Set(evaluated.map(({ change }) => `${change.table.id}/${change.key}`));
  if (places.size < evaluated.length) throw validationFailure('Provided list of item keys contains duplicates');
  const { planned, durable } = applyChanges(
    state,
    evaluated.map(({ change }) => change),
  );
  await durable;
  if (!wantsCapacity(request)) return { UnprocessedItems: {} };
  const byTable = new Map<string, Units[]>();
  planned.forEach((plan, index) => {
    const name = evaluated[index]?.change.table.description.TableName ?? '';
    byTable.set(name, [...(byTable.get(name) ?? []), unitsOfChange(plan)]);
  });
  const ConsumedCapacity = [...byTable].map(([name, units]) =>
    toConsumedCapacity(request, state.catalogue.get(name), addUnits(units)),
  );
  return { UnprocessedItems: {}, ConsumedCapacity };
};

function evaluateBatched(state: State, TableName: string, { PutRequest, DeleteRequest }: WriteRequest): EvaluatedWrite {
  if (!PutRequest) return evaluateDelete(state, { TableName, Key: DeleteRequest?.Key });
  const table = state.catalogue.get(TableName);
  try {
    return evaluatePut(state, { TableName, Item: PutRequest.Item });
  } catch (error) {
    // The message for a batch does not name the key attribute that is missing or has the wrong type.
    const { message = '' } = toRequestFailure(error) ?? {};
    const isAboutKey = /Missing the key|Type mismatch for key/.test(message);
    if (isAboutKey && db.validateItem(withoutInherited(PutRequest.Item as object) as never, table.description))
      throw validationFailure('The provided key element does not match the schema');
    throw error;
  }
}
