import { allOperations } from '../api/all-operations.ts';
import type { Access, Operation } from '../api/operation.ts';
import { toTable } from '../markdown/table.ts';

const begin = '<!-- Generated from packages/contracts by `pnpm run docs`. Do not edit by hand. -->';
const end = '<!-- End of the generated part. -->';

const tokens: Readonly<Record<Access, string>> = {
  anyone: 'none',
  organisation: 'organisation',
  application: 'either',
  'only-application': 'application',
};

/** The operations as Markdown: one table for each resource, in the order of the contracts. */
export function operationsTable(operations: readonly Operation[] = Object.values(allOperations)): string {
  const resources = Map.groupBy(operations, resourceOf);
  return [...resources].map(([resource, members]) => section(resource, members)).join('\n\n');
}

/**
 * A document with its generated part replaced by the operations of the contracts.
 *
 * @throws Error if the document does not contain the lines that mark that part
 */
export function withOperationsTable(document: string, table: string = operationsTable()): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the document must contain the lines ${begin} and ${end}`);
  return `${document.slice(0, from)}${begin}\n\n${table}\n\n${document.slice(to)}`;
}

/** `v1.message-attempt.get` is about `message-attempt`. Operations outside `/api/v1` are listed under `service`. */
function resourceOf({ id, access }: Operation): string {
  return access === 'anyone' ? 'service' : id.split('.').slice(1, -1).join(' ');
}

const section = (resource: string, operations: readonly Operation[]): string =>
  [`### ${resource}`, '', ...toTable(['request', 'what it does', 'token'], operations.map(cells))].join('\n');

const cells = ({ method, path, summary, access, deprecated }: Operation): readonly string[] => [
  `\`${method} ${path.replace('/api/v1', '') || '/'}\``,
  deprecated ? `${summary} (deprecated)` : summary,
  tokens[access],
];
