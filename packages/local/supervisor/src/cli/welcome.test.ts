import { dataFolderAt } from '../data-folder.ts';
import { welcome } from './welcome.ts';

const url = 'http://localhost:8071';
const textFor = (path: string, directory: string) =>
  welcome({ url, folder: dataFolderAt(path) }, { directory, allowedSubnets: ['127.0.0.0/8'] });

describe('the welcome', () => {
  it('begins with the line that programs wait for', () => {
    expect(textFor('/a/.posthorn', '/a').split('\n')[0]).toBe('Posthorn ready at http://localhost:8071');
  });

  it('says which private networks are allowed, or that none is', () => {
    const textWith = (allowedSubnets: readonly string[]) =>
      welcome({ url, folder: dataFolderAt('/a') }, { directory: '/', allowedSubnets });
    expect(textWith(['127.0.0.0/8', '::1/128'])).toContain('in private networks: 127.0.0.0/8, ::1/128.');
    expect(textWith([])).toContain('Endpoints must have public addresses');
  });

  it.each([
    ['/a/.posthorn', '/a', '.posthorn/token'],
    ['/a/.posthorn', '/a/b', '/a/.posthorn/token'],
    ['/c/.posthorn', '/a', '/c/.posthorn/token'],
    ['/var/lib/posthorn', '/', '/var/lib/posthorn/token'],
    ["/a/it's here", '/a', "'it'\\''s here/token'"],
  ])('prints the path of the token in %s for a user in %s', (path, directory, printed) => {
    expect(textFor(path, directory)).toContain(`TOKEN=$(cat ${printed})\n`);
  });
});
