import { root } from './service-process.ts';
import { foldersOf, readWorkspace } from './workspace.ts';

describe('the folders of a service', () => {
  it('are its own and those of every package that it uses, without test help', () => {
    const workspace = [
      { name: '@x/api', folder: 'services/api', uses: ['@x/intake', '@x/testing'] },
      { name: '@x/intake', folder: 'packages/intake', uses: ['@x/core'] },
      { name: '@x/core', folder: 'packages/core', uses: ['@x/intake'] },
      { name: '@x/egress', folder: 'packages/egress', uses: [] },
      { name: '@x/testing', folder: 'packages/testing/help', uses: ['@x/egress'] },
    ];
    expect(foldersOf('services/api', workspace)).toEqual(['services/api', 'packages/intake', 'packages/core']);
  });

  it('are read from the packages of this repository', () => {
    const folders = foldersOf('services/queue-workers', readWorkspace(root));
    expect(folders).toEqual(
      expect.arrayContaining(['services/queue-workers', 'packages/core', 'packages/egress', 'packages/local/cloud']),
    );
    expect(folders.filter((folder) => folder.startsWith('packages/testing'))).toEqual([]);
  });
});
