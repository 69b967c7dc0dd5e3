import { isDiskFull, isOutOfRoom } from './out-of-space.ts';

const withCode = (code: string) => Object.assign(new Error(code), { code });

it.each(['ENOSPC', 'EDQUOT'])('%s means that the disk is full', (code) => {
  expect([isDiskFull(withCode(code)), isOutOfRoom(withCode(code))]).toEqual([true, true]);
});

it.each(['EMFILE', 'ENFILE'])('%s means that no file can be opened, but not that the disk is full', (code) => {
  expect([isDiskFull(withCode(code)), isOutOfRoom(withCode(code))]).toEqual([false, true]);
});

it.each([withCode('EACCES'), withCode('EIO'), new Error('ENOSPC'), undefined, 'ENOSPC'])(
  '%p is another problem',
  (error) => {
    expect([isDiskFull(error), isOutOfRoom(error)]).toEqual([false, false]);
  },
);
