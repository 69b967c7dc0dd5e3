import { version } from '@posthorn/core/version';
import { readRooms, readText } from './workspace.ts';

describe('the version', () => {
  it('is the same in the root and in the code (if not: pnpm run version)', () => {
    expect(JSON.parse(readText('package.json')).version).toBe(version);
  });

  it('is in no other package.json', () => {
    expect(readRooms().filter((room) => room.version !== undefined)).toEqual([]);
  });
});
