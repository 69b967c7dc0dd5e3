import fc from 'fast-check';
import { createHoldShares, type HoldOwner, holdLimits } from './hold-shares.ts';

const owner = (organisationId: string, applicationId: string, by: HoldOwner['by'] = 'organisation'): HoldOwner => ({
  organisationId,
  applicationId,
  by,
});
const limits = { total: 6, ofOrganisation: 4, ofApplication: 3, byApplicationTokens: 2, byApplicationToken: 2 };

interface Held {
  readonly of: HoldOwner;
  giveBack: () => void;
}

/** Takes places, and knows which are held: those that were neither given back nor displaced. */
function aHolding(given?: typeof limits) {
  const take = createHoldShares(given);
  const held = new Set<Held>();
  const hold = (of: HoldOwner): boolean => {
    const one: Held = { of, giveBack: () => undefined };
    const giveBack = take(of, () => {
      held.delete(one);
      // What holds a poll does so when it ends.
      one.giveBack();
    });
    if (!giveBack) return false;
    one.giveBack = giveBack;
    held.add(one);
    return true;
  };
  const count = (isCounted: (of: HoldOwner) => boolean) => [...held].filter(({ of }) => isCounted(of)).length;
  const holdAll = (of: HoldOwner, tries = 200) => {
    for (let n = 0; n < tries; n += 1) hold(of);
  };
  const countOf = ({ applicationId }: HoldOwner) => count((of) => of.applicationId === applicationId);
  return { held, hold, holdAll, count, countOf };
}

it('has places for each application and organisation, and for all', () => {
  const { holdAll, countOf, held } = aHolding(limits);
  holdAll(owner('a', 'a1'));
  expect(held.size).toBe(limits.ofApplication);
  holdAll(owner('a', 'a2'));
  expect(held.size).toBe(limits.ofOrganisation);
  holdAll(owner('b', 'b1'));
  expect(held.size).toBe(limits.total);
  expect(countOf(owner('b', 'b1'))).toBe(3);
});

it('has a place for each customer, however many polls the others have held', () => {
  const { holdAll, countOf, count } = aHolding();
  const customers = Array.from({ length: 12 }, (_, n) => owner('vendor', `app_${n}`, 'application'));
  for (const one of customers) holdAll(one);
  expect(count(({ by }) => by === 'application')).toBe(holdLimits.byApplicationTokens);
  for (const one of customers) expect(countOf(one)).toBeGreaterThanOrEqual(4);
  // However often they try, and the largest share stays within its limit.
  for (let n = 0; n < 10; n += 1) for (const one of customers.slice(0, 4)) holdAll(one);
  for (const one of customers) expect(countOf(one)).toBeGreaterThanOrEqual(4);
  for (const one of customers) expect(countOf(one)).toBeLessThanOrEqual(holdLimits.byApplicationToken);
});

it('leaves half of the places of an organisation for its own tokens, in the applications of its customers too', () => {
  const { holdAll, count, countOf } = aHolding();
  for (let n = 0; n < 40; n += 1) holdAll(owner('vendor', `app_${n}`, 'application'));
  holdAll(owner('vendor', 'app_0'));
  expect(countOf(owner('vendor', 'app_0'))).toBe(holdLimits.ofApplication);
  holdAll(owner('vendor', 'app_1'));
  expect(count(({ by }) => by === 'organisation')).toBeGreaterThanOrEqual(holdLimits.ofOrganisation / 2);
});

it('leaves places for others when organisations have taken all that they get', () => {
  const { holdAll, count } = aHolding();
  for (let n = 0; n < 9; n += 1)
    for (let app = 0; app < 40; app += 1) holdAll(owner(`hostile ${n}`, `${n}_${app}`), 20);
  expect(count(() => true)).toBe(holdLimits.total);
  expect(count(({ organisationId }) => organisationId === 'hostile 0')).toBeLessThanOrEqual(holdLimits.ofOrganisation);
  holdAll(owner('other', 'app'));
  expect(count(({ organisationId }) => organisationId === 'other')).toBe(holdLimits.ofApplication);
});

it('leaves half of the connections that an address has by default', () => {
  expect(holdLimits.ofOrganisation).toBeLessThanOrEqual(256 / 2);
});

it('keeps every limit, and refuses only who has as many as the others', () => {
  const anyOwner = fc.record({
    organisationId: fc.constantFrom('a', 'b', 'c'),
    applicationId: fc.constantFrom('1', '2', '3'),
    by: fc.constantFrom('organisation', 'application'),
  });
  const anySteps = fc.array(fc.record({ owner: anyOwner, givesBack: fc.boolean(), which: fc.nat() }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(anySteps, (steps) => {
      const { held, hold, count, countOf } = aHolding(limits);
      for (const { owner: any, givesBack, which } of steps) {
        const of = owner(any.organisationId, `${any.organisationId}${any.applicationId}`, any.by);
        if (givesBack && held.size > 0) {
          const one = [...held][which % held.size];
          if (one) held.delete(one);
          one?.giveBack();
        }
        const inOrganisation = (one: HoldOwner) => one.organisationId === of.organisationId;
        const byToken = (one: HoldOwner) => one.by === 'application';
        const counts = () => ({
          total: held.size,
          ofOrganisation: count(inOrganisation),
          ofApplication: countOf(of),
          byApplicationTokens: count((one) => inOrganisation(one) && byToken(one)),
          byApplicationToken: count((one) => one.applicationId === of.applicationId && byToken(one)),
        });
        const before = counts();
        const hasRoom =
          before.total < limits.total &&
          before.ofOrganisation < limits.ofOrganisation &&
          before.ofApplication < limits.ofApplication &&
          (of.by === 'organisation' ||
            (before.byApplicationTokens < limits.byApplicationTokens &&
              before.byApplicationToken < limits.byApplicationToken));
        if (hold(of)) expect(counts().ofApplication).toBe(before.ofApplication + 1);
        else expect(hasRoom).toBe(false);
        for (const [name, now] of Object.entries(counts()))
          expect(now).toBeLessThanOrEqual(limits[name as keyof typeof limits]);
      }
    }),
  );
});
