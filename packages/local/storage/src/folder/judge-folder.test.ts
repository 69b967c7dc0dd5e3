import { judgeFolder } from './judge-folder.ts';
import type { FolderContent } from './read-folder.ts';
import type { Witness } from './witness.ts';

const bootId = 'this boot';

/** A folder whose log has the changes 5 to 7. LevelDB has also counted refused changes up to 10. */
const aFolder = (witness: Partial<Witness>): FolderContent => ({
  witness: { id: 'a', state: 'open', durability: 'process', bootId, opened: 4, last: 7, ...witness },
  manifest: { comparator: '', logNumber: 3, lastSequence: 10, tables: new Map() },
  logs: [{ name: '000003.log', bytes: Buffer.alloc(0), scan: { wholeBytes: 0, first: 5, last: 7 } }],
  findings: [],
});

describe('a folder whose refused changes were counted', () => {
  it('can be judged again if LevelDB could not open it: the witness asks for no more than the logs have', () => {
    const { findings, sequence, inLogs } = judgeFolder(aFolder({}), bootId);
    expect({ findings, sequence, inLogs }).toEqual({ findings: [], sequence: 10, inLogs: 7 });
    expect(judgeFolder(aFolder({ opened: inLogs, last: inLogs }), bootId).findings).toEqual([]);
  });

  it('is refused if a change that was acknowledged is missing', () => {
    const [finding] = judgeFolder(aFolder({ last: 8 }), bootId).findings;
    expect(finding?.problem).toContain('its last change is 7, but change 8 was acknowledged');
  });

  it('keeps only what was acknowledged after a failed write', () => {
    const manifest = { comparator: '', logNumber: 3, lastSequence: 4, tables: new Map() };
    const folder = { ...aFolder({ state: 'failed', last: 6 }), manifest };
    expect(judgeFolder(folder, bootId)).toMatchObject({ findings: [], sequence: 6, inLogs: 6 });
  });
});
