import type { Change, Storage } from '@posthorn/local-storage';
import { keys } from '../rows/keys.ts';

/** How far an import is. Its row exists from the beginning of an import to the next opening of the queues. */
export interface ImportProgress {
  /** The sequence number of the last imported message. */
  readonly importedTo: number;
  readonly isFinished: boolean;
}

/** An import of messages was interrupted: the queues lack messages. */
export class ImportUnfinished extends Error {
  constructor() {
    super('An import of messages into these queues was interrupted. Continue it before they are opened');
    this.name = 'ImportUnfinished';
  }
}

const finished = 'finished';

export function importProgress(storage: Pick<Storage, 'get'>): ImportProgress | undefined {
  const row = storage.get(keys.import);
  if (row === undefined) return undefined;
  return { importedTo: row === finished ? 0 : Number(row), isFinished: row === finished };
}

export const progressChange = ({ importedTo, isFinished }: ImportProgress): Change => ({
  type: 'put',
  key: keys.import,
  value: isFinished ? finished : String(importedTo),
});

/**
 * Forgets an import that is finished.
 *
 * @throws ImportUnfinished
 */
export async function endImport(storage: Pick<Storage, 'get' | 'commit'>): Promise<void> {
  const progress = importProgress(storage);
  if (progress === undefined) return;
  if (!progress.isFinished) throw new ImportUnfinished();
  await storage.commit([{ type: 'del', key: keys.import }]);
}
