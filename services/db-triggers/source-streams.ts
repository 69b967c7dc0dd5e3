import { join, resolve } from 'node:path';
import type { ChangeSource } from '@posthorn/change-events';
import { isStreamArn, localStreamArn, readSources, sourcesFileName, tablesOf } from '@posthorn/change-events/file';
import { createDynamoClient } from '@posthorn/models/client';
import { findStream, type TableStream } from '@posthorn/models/find-stream';
import type { SourceStream } from './functions.ts';

/** What the service needs to know of the user's own tables. */
export interface StageSources {
  readonly sources: readonly ChangeSource[];
  readonly streams: readonly SourceStream[];
}

interface Packaging {
  readonly stage: string;
  /** Under `serverless offline` a table may come later, and its stream is looked for by its name. */
  readonly isOffline: boolean;
  readonly environment: NodeJS.ProcessEnv;
}

const root = join(import.meta.dirname, '../..');

/** A table of a source that cannot be deployed. */
class UnusableTable extends Error {
  constructor(problems: readonly string[]) {
    super(['The streams of sources cannot be used:', ...problems].join('\n  '));
    this.name = 'UnusableTable';
  }
}

/**
 * Reads the sources of a stage, and finds the streams of their tables. A table that the file names without the ARN of its
 * stream is looked up in the account.
 *
 * @throws InvalidSources, or an error with all tables whose streams cannot be used
 */
export async function readStageSources({ stage, isOffline, environment }: Packaging): Promise<StageSources> {
  const organisationId = environment.POSTHORN_ORGANISATION || undefined;
  const file = resolve(root, environment.POSTHORN_SOURCES || sourcesFileName);
  const { sources } = await readSources(file, { stage, ...(organisationId !== undefined && { organisationId }) });
  const tables = tablesOf(sources);
  if (isOffline)
    return { sources, streams: tables.map(({ tableName }) => ({ tableName, streamArn: localStreamArn(tableName) })) };
  const problems: string[] = [];
  const streams = await Promise.all(
    tables.map(async ({ tableName, arn }): Promise<SourceStream> => {
      if (arn !== undefined && isStreamArn(arn)) return { tableName, streamArn: arn };
      const found = await lookUp(tableName);
      if ('problem' in found) problems.push(`${tableName}: ${found.problem}`);
      return { tableName, streamArn: 'problem' in found ? '' : found.streamArn };
    }),
  );
  if (problems.length > 0) throw new UnusableTable(problems);
  return { sources, streams };
}

const needed = 'NEW_AND_OLD_IMAGES';

async function lookUp(tableName: string): Promise<TableStream | { readonly problem: string }> {
  const client = createDynamoClient();
  try {
    const stream = await findStream(client, tableName);
    if (stream?.viewType === needed) return stream;
    if (stream?.viewType === undefined) return { problem: `has no stream. Enable one with the view type ${needed}` };
    return { problem: `its stream has the view type ${stream.viewType}. Disable it, and enable one with ${needed}` };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    return { problem: `cannot be looked up (${name}: ${message}). Or write the ARN of its stream into the file` };
  } finally {
    client.destroy();
  }
}
