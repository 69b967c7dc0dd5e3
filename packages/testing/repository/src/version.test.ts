import { version } from '@posthorn/core/version';
import { readRooms, readText } from './workspace.ts';

describe('the version', () => {
  it('is that of the root, in the code too (if not: pnpm run version)', () => {
    expect(JSON.parse(readText('package.json')).version).toBe(version);
  });

  it('stands in no other package', () => {
    expect(readRooms().filter((room) => room.version !== undefined)).toEqual([]);
  });
});
