import fc from 'fast-check';
import { createHoldShares, type HoldOwner, holdLimits } from './hold-shares.ts';

const owner = (organisationId: string, applicationId: string): HoldOwner => ({ organisationId, applicationId });
const limits = { total: 6, ofOrganisation: 4, ofApplication: 2 };

/** Takes places until one is refused. Returns how to give them back. */
function takeAll(take: ReturnType<typeof createHoldShares>, of: HoldOwner): (() => void)[] {
  const taken: (() => void)[] = [];
  for (let next = take(of); next; next = take(of)) taken.push(next);
  return taken;
}

it('has places for each application and organisation, and for all', () => {
  const take = createHoldShares(limits);
  const counts = [owner('a', 'a1'), owner('a', 'a2'), owner('a', 'a3'), owner('b', 'b1'), owner('b', 'b2')].map(
    (one) => takeAll(take, one).length,
  );
  expect(counts).toEqual([2, 2, 0, 2, 0]);
});

it('leaves places for others when one organisation has taken all that it gets', () => {
  const take = createHoldShares();
  const apps = Array.from({ length: 40 }, (_, n) => owner('hostile', `app_${n}`));
  const taken = apps.flatMap((one) => takeAll(take, one));
  expect(taken).toHaveLength(holdLimits.ofOrganisation);
  expect(takeAll(take, owner('other', 'app'))).toHaveLength(holdLimits.ofApplication);
});

it('has a place again for each that was given back, whatever the order', () => {
  const anyOwner = fc.record({
    organisationId: fc.constantFrom('a', 'b', 'c'),
    applicationId: fc.constantFrom('1', '2', '3'),
  });
  const anySteps = fc.array(fc.record({ owner: anyOwner, givesBack: fc.boolean(), which: fc.nat() }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(anySteps, (steps) => {
      const take = createHoldShares(limits);
      const held: { readonly of: HoldOwner; readonly giveBack: () => void }[] = [];
      for (const {
        owner: { organisationId, applicationId },
        givesBack,
        which,
      } of steps) {
        const of = owner(organisationId, `${organisationId}${applicationId}`);
        if (givesBack) held.splice(which % Math.max(held.length, 1), 1)[0]?.giveBack();
        const count = (isSame: (one: HoldOwner) => boolean) => held.filter((one) => isSame(one.of)).length;
        const hasPlace =
          held.length < limits.total &&
          count((one) => one.organisationId === of.organisationId) < limits.ofOrganisation &&
          count((one) => one.applicationId === of.applicationId) < limits.ofApplication;
        const giveBack = take(of);
        expect(giveBack !== undefined).toBe(hasPlace);
        if (giveBack) held.push({ of, giveBack });
      }
    }),
  );
});
