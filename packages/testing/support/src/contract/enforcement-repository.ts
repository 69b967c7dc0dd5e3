import type {
  EnforcementChecks,
  EnforcementRepository,
  EventTypeRepository,
  TokenChecks,
  TokenRepository,
} from '@posthorn/core';
import { anEventType } from '../builders/event-type.ts';
import { ids, nthId } from '../builders/ids.ts';

/** One store, with what writes and what reads it. */
export interface EnforcementStores {
  readonly enforcement: EnforcementRepository;
  readonly checks: EnforcementChecks;
  readonly eventTypes: EventTypeRepository;
  readonly tokens: Pick<TokenRepository, 'revoke'>;
  readonly findVersions: TokenChecks['findVersions'];
}

const { organisation } = ids;
const other = nthId('organisation', 1);
const name = 'invoice.paid';

/** What every repository of enforcement promises. Each test gets an empty one. */
export function describeEnforcementRepository(where: string, create: () => Promise<EnforcementStores>): void {
  describe(`enforcement ${where}`, () => {
    it('is off, and has never changed, at first', async () => {
      const { checks, enforcement, findVersions } = await create();
      expect(await checks.findOrganisation(organisation)).toBeUndefined();
      expect(await enforcement.findOrganisation(organisation)).toBeUndefined();
      expect(await findVersions()).toEqual({ revoked: 0, enforcement: 0 });
    });

    it('is switched on and off for one organisation', async () => {
      const { checks, enforcement } = await create();
      await enforcement.put(organisation, true);
      expect(await checks.findOrganisation(organisation)).toEqual({ enabled: true, version: 1 });
      await enforcement.put(organisation, false);
      expect(await checks.findOrganisation(organisation)).toEqual({ enabled: false, version: 2 });
      expect(await checks.findOrganisation(other)).toBeUndefined();
    });

    it('counts switches of event types, and keeps what the organisation has decided', async () => {
      const { checks, enforcement } = await create();
      await enforcement.noteSwitch(organisation);
      expect(await checks.findOrganisation(organisation)).toEqual({ enabled: false, version: 1 });
      await enforcement.put(organisation, true);
      await enforcement.noteSwitch(organisation);
      expect(await checks.findOrganisation(organisation)).toEqual({ enabled: true, version: 3 });
    });

    it('counts changes of event types of those only who use it', async () => {
      const { checks, enforcement, findVersions } = await create();
      await enforcement.noteChange(organisation);
      expect(await checks.findOrganisation(organisation)).toBeUndefined();
      expect(await findVersions()).toEqual({ revoked: 0, enforcement: 0 });
      await enforcement.put(organisation, true);
      await enforcement.noteChange(organisation);
      expect(await checks.findOrganisation(organisation)).toEqual({ enabled: true, version: 2 });
    });

    it('counts every change of the installation, beside the revoked tokens', async () => {
      const { enforcement, tokens, findVersions } = await create();
      await Promise.all([organisation, other].map((one) => enforcement.put(one, true)));
      await tokens.revoke({ tokenId: nthId('token', 1) });
      expect(await findVersions()).toEqual({ revoked: 1, enforcement: 2 });
    });

    it('finds the schemas of a live event type', async () => {
      const { checks, eventTypes } = await create();
      expect(await checks.findEventType(organisation, name)).toBeUndefined();
      const eventType = anEventType({ name, schemas: { 1: { type: 'object' } }, enforced: true });
      await eventTypes.insert(eventType);
      const found = await checks.findEventType(organisation, name);
      expect(found).toEqual({ enforced: true, schemas: '{"1":{"type":"object"}}' });
      await eventTypes.update({ ...eventType, schemas: { 1: {} }, enforced: false }, eventType);
      const changed = await checks.findEventType(organisation, name);
      expect(changed).toEqual({ enforced: false, schemas: '{"1":{}}' });
      expect(await checks.findEventType(other, name)).toBeUndefined();
    });

    it('finds no schemas if there are none, and nothing of an archived event type', async () => {
      const { checks, eventTypes } = await create();
      await eventTypes.insert(anEventType({ name }));
      await eventTypes.insert(anEventType({ name: 'empty', schemas: {} }));
      await eventTypes.insert(anEventType({ name: 'archived', archived: true, schemas: { 1: {} } }));
      for (const one of [name, 'empty']) expect(await checks.findEventType(organisation, one)).toEqual({});
      expect(await checks.findEventType(organisation, 'archived')).toBeUndefined();
    });
  });
}
