import fc from 'fast-check';
import { createId, idEntropyBytes, isId, timeOfId } from '../identifier/identifier.ts';
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
