import { routes } from '@posthorn/contracts/api/routes';
import { functionOperations } from './functions.ts';

it('serves every operation in one function', () => {
  const served = Object.values(functionOperations).flat();
  expect(served.toSorted()).toEqual(Object.keys(routes).toSorted());
});
