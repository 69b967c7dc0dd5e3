import {
  countOr,
  flag,
  InvalidConfiguration,
  list,
  listOr,
  optionalCount,
  optionalText,
  readConfiguration,
  text,
} from './configuration.ts';

const shape = {
  stage: ['STAGE', text],
  days: ['DAYS', countOr(90)],
  subnets: ['SUBNETS', list],
  http: ['HTTP', flag],
  arn: ['ARN', optionalText],
} as const;

describe('readConfiguration', () => {
  it('reads what is set, and uses defaults for the rest', () => {
    expect(readConfiguration(shape, { STAGE: 'dev' })).toEqual({ stage: 'dev', days: 90, subnets: [], http: false });
    const set = { STAGE: 'dev', DAYS: '7', SUBNETS: '10.0.0.0/8, ::1/128', HTTP: 'true', ARN: 'arn:x' };
    expect(readConfiguration(shape, set)).toEqual({
      stage: 'dev',
      days: 7,
      subnets: ['10.0.0.0/8', '::1/128'],
      http: true,
      arn: 'arn:x',
    });
  });

  it('counts an empty variable as absent', () => {
    expect(readConfiguration(shape, { STAGE: 'dev', DAYS: '', ARN: '' })).toMatchObject({ days: 90 });
  });

  it.each([
    [undefined, ['127.0.0.0/8', '::1/128']],
    ['', ['127.0.0.0/8', '::1/128']],
    ['none', []],
    [' none ', []],
    ['10.0.0.0/8, fd00::/8', ['10.0.0.0/8', 'fd00::/8']],
  ])('reads %j as the list %j where there is a default', (SUBNETS, subnets) => {
    const withDefault = { subnets: ['SUBNETS', listOr('127.0.0.0/8,::1/128')] } as const;
    expect(readConfiguration(withDefault, { SUBNETS })).toEqual({ subnets });
  });

  it.each([
    [undefined, undefined],
    ['', undefined],
    ['0', undefined],
    ['20', 20],
  ])('reads %j as the number %j where there may be none', (RATE, rate) => {
    expect(readConfiguration({ rate: ['RATE', optionalCount] }, { RATE })).toEqual({ rate });
    expect(() => readConfiguration({ rate: ['RATE', optionalCount] }, { RATE: '1e3' })).toThrow('RATE: must be');
  });

  it('names all problems at once, and no values', () => {
    const read = () => readConfiguration(shape, { STAGE: '', DAYS: 'secret-1', HTTP: 'secret-2' });
    expect(read).toThrow(InvalidConfiguration);
    expect(read).toThrow(
      /STAGE: must be set\n {2}DAYS: must be a whole number from 1\n {2}HTTP: must be true or false/,
    );
    expect(read).not.toThrow(/secret/);
  });
});
