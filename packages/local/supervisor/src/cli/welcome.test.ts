import { dataFolderAt } from '../data-folder.ts';
import { welcome } from './welcome.ts';

const url = 'http://localhost:8071';
const textFor = (path: string, directory: string) => welcome({ url, folder: dataFolderAt(path) }, { directory });

describe('the welcome', () => {
  it('begins with the line that programs wait for', () => {
    expect(textFor('/a/.posthorn', '/a').split('\n')[0]).toBe('Posthorn ready at http://localhost:8071');
  });

  it.each([
    ['/a/.posthorn', '/a', '.posthorn/token'],
    ['/a/.posthorn', '/a/b', '/a/.posthorn/token'],
    ['/c/.posthorn', '/a', '/c/.posthorn/token'],
    ["/a/it's here", '/a', "'it'\\''s here/token'"],
  ])('prints the path of the token in %s for a user in %s', (path, directory, printed) => {
    expect(textFor(path, directory)).toContain(`TOKEN=$(cat ${printed})\n`);
  });
});
