import { behaviours, readPath, toPath } from './path.ts';

it.each(behaviours)('tells %s by the path of an endpoint', (behaviour) => {
  const plans = [{ tenant: 2, name: 'a', behaviour } as const, { tenant: 0, name: 'b', behaviour, times: 3 } as const];
  for (const plan of plans) expect(readPath(toPath(plan))).toEqual(plan);
});

it('knows no other paths', () => {
  expect(readPath('/')).toBeUndefined();
  expect(readPath('/0/a/dance/always')).toBeUndefined();
});
