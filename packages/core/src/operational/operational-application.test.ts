import fc from 'fast-check';
import { createId, idEntropyBytes, isId, timeOfId } from '../identifier/identifier.ts';
import { countOwn } from './count-own.ts';
import { isOperationalApplicationId, operationalApplicationIdOf } from './operational-application.ts';

const anyEntropy = fc.uint8Array({ minLength: idEntropyBytes, maxLength: idEntropyBytes });

describe('the hidden application of an organisation', () => {
  it('has an id of its own, always the same', () => {
    const id = operationalApplicationIdOf('org_1');
    expect(isId('application', id)).toBe(true);
    expect(operationalApplicationIdOf('org_1')).toBe(id);
    expect(operationalApplicationIdOf('org_2')).not.toBe(id);
    expect(timeOfId(id)).toEqual(new Date(1_400_000_000_000));
  });

  it('is known by its id alone', () =>
    fc.assert(
      fc.property(fc.string(), (name) => isOperationalApplicationId(operationalApplicationIdOf(`org_${name}`))),
    ));

  it('is taken for no application that was created at any time', () =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date(1_400_000_001_000), max: new Date('2140-01-01'), noInvalidDate: true }),
        anyEntropy,
        (time, entropy) => !isOperationalApplicationId(createId('application', time, entropy)),
      ),
    ));
});

it('counts what belongs to a customer, and nothing of what carries operational webhooks', () => {
  const counted: unknown[] = [];
  const counters = { add: (...of: unknown[]) => void counted.push(of) };
  countOwn(counters, operationalApplicationIdOf('org_1'), { name: 'MessagesFannedOut' });
  const of = { applicationId: 'app_1' };
  countOwn(counters, 'app_1', { name: 'MessagesFannedOut', of });
  expect(counted).toEqual([['MessagesFannedOut', 1, of]]);
});
