import type { CheckedRequest } from '../dynalite/checked-request.ts';
import { resourceNotFound } from '../failure.ts';
import type { Table } from '../schema/table.ts';
import type { State } from '../state/state.ts';
import type { Body } from '../values.ts';

function findByArn({ catalogue }: State, { ResourceArn }: CheckedRequest): Table {
  const table = catalogue.tables().find(({ description }) => description.TableArn === ResourceArn);
  if (!table) throw resourceNotFound(`Requested resource not found: ResourcArn: ${ResourceArn} not found`);
  return table;
}

export async function tagResource(state: State, request: CheckedRequest): Promise<Body> {
  const table = findByArn(state, request);
  const added = (request.Tags as readonly { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]);
  await state.catalogue.save({ table: { ...table, tags: { ...table.tags, ...Object.fromEntries(added) } } });
  return {};
}

export async function untagResource(state: State, request: CheckedRequest): Promise<Body> {
  const table = findByArn(state, request);
  const removed = new Set(request.TagKeys as readonly string[]);
  const tags = Object.fromEntries(Object.entries(table.tags).filter(([key]) => !removed.has(key)));
  await state.catalogue.save({ table: { ...table, tags } });
  return {};
}

export const listTagsOfResource = async (state: State, request: CheckedRequest): Promise<Body> => ({
  Tags: Object.entries(findByArn(state, request).tags).map(([Key, Value]) => ({ Key, Value })),
});
