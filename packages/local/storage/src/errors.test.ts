import { DataFolderDamaged } from './errors.ts';

const missing = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ file: `${n}.ldb`, problem: 'is missing' }));

describe('the refusal of a damaged folder', () => {
  it('says in one line what is wrong, and then what to do', () => {
    expect(new DataFolderDamaged('/data/store', missing(2)).message).toBe(
      '/data/store is damaged or incomplete: 0.ldb is missing; 1.ldb is missing. It was not opened, and nothing in it ' +
        'was changed. Put the files back as they were, restore a backup into an empty folder, or choose another folder',
    );
  });

  it('names five problems and counts the others', () => {
    expect(new DataFolderDamaged('/data/store', missing(1_000)).message).toContain(
      '4.ldb is missing; and 995 more. It was not opened',
    );
  });
});
