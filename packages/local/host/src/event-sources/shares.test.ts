import { createShares } from './shares.ts';

const limits = { total: 5, application: 3, endpoint: 2 };
const owner = (application: string, endpoint: string) => ({ application, endpoint });

it('limits the jobs of an endpoint, of an application, and of all', () => {
  const shares = createShares(limits);
  const started: string[] = [];
  const start = (application: string, endpoint: string) => {
    if (!shares.mayStart(owner(application, endpoint))) return;
    shares.start(owner(application, endpoint));
    started.push(endpoint);
  };
  for (const endpoint of ['a1', 'a1', 'a1', 'a2', 'a3']) start('a', endpoint);
  expect(started).toEqual(['a1', 'a1', 'a2']);
  for (const endpoint of ['b1', 'b1', 'b2']) start('b', endpoint);
  expect(started).toEqual(['a1', 'a1', 'a2', 'b1', 'b1']);
  expect(shares.room()).toBe(0);
});

it('gives the room of an ended job to the next one of its owner', () => {
  const shares = createShares(limits);
  shares.start(owner('a', 'a1'));
  shares.start(owner('a', 'a1'));
  expect(shares.mayStart(owner('a', 'a1'))).toBe(false);
  shares.end(owner('a', 'a1'));
  expect(shares.mayStart(owner('a', 'a1'))).toBe(true);
  expect(shares.room()).toBe(4);
});
