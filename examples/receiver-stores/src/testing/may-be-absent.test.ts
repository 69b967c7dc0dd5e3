import { mayBeAbsent } from './may-be-absent.ts';

const { jest } = import.meta;
const { CI } = process.env;
afterEach(() => {
  if (CI === undefined) delete process.env.CI;
  else process.env.CI = CI;
});

it('fails in CI, and says what was not tested elsewhere', () => {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  process.env.CI = 'true';
  expect(() => mayBeAbsent('PostgreSQL')).toThrow('PostgreSQL is not installed');
  delete process.env.CI;
  mayBeAbsent('PostgreSQL');
  expect(write).toHaveBeenCalledWith(expect.stringContaining('NOT TESTED: PostgreSQL'));
});
