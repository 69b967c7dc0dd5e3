import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { Ordering, Svix } from 'svix';

let system: LaunchedSystem;
let svix: Svix;
beforeAll(async () => {
  system = await launchSystem();
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await system?.stop();
});

const statusOf = (request: Promise<unknown>): Promise<number> =>
  request.then(
    () => 200,
    ({ code }: { readonly code: number }) => code,
  );
const names = async (options?: Parameters<Svix['eventType']['list']>[0]) =>
  (await svix.eventType.list(options)).data.map(({ name }) => name);

describe('event types of a started system', () => {
  it('are created once, however many requests ask for it at once', async () => {
    const create = () => statusOf(svix.eventType.create({ name: 'once', description: '' }));
    const statuses = await Promise.all(Array.from({ length: 20 }, create));
    expect(statuses.toSorted()).toEqual([200, ...Array(19).fill(409)]);
    const put = (_: unknown, n: number) => svix.eventType.upsert('put', { description: `${n}` });
    await Promise.all(Array.from({ length: 20 }, put));
    expect(await names()).toEqual(['once', 'put']);
    for (const name of await names()) await svix.eventType.delete(name, { expunge: true });
  });

  it('are replaced, changed, archived, restored and removed', async () => {
    const content = { description: 'Paid', deprecated: true, groupName: 'invoice', featureFlags: ['beta', 'gamma'] };
    const schemas = {
      1: { type: 'object', properties: { constructor: { const: { b: 1, a: [9_007_199_254_740_991] } } } },
    };
    const created = await svix.eventType.upsert('invoice.paid', { ...content, schemas });
    expect(created).toMatchObject({ name: 'invoice.paid', archived: false, featureFlag: 'beta', ...content });
    expect(await svix.eventType.get('invoice.paid')).toEqual(created);
    expect(created.schemas).toEqual(schemas);
    const patched = await svix.eventType.patch('invoice.paid', { schemas: null, description: 'Is paid' });
    expect(patched).toMatchObject({ ...content, description: 'Is paid', schemas: null });

    const refused = svix.eventType.patch('invoice.paid', { schemas: { 1: { type: 'text' } } });
    expect(await statusOf(refused)).toBe(422);

    await svix.eventType.create({ name: 'invoice.sent', description: '' });
    await svix.eventType.delete('invoice.paid');
    expect(await names()).toEqual(['invoice.sent']);
    expect(await names({ includeArchived: true, order: Ordering.Descending })).toEqual([
      'invoice.sent',
      'invoice.paid',
    ]);
    const restored = await svix.eventType.create({ name: 'invoice.paid', description: 'New' });
    expect(restored).toMatchObject({ archived: false, description: 'New', featureFlags: null });
    await svix.eventType.delete('invoice.paid', { expunge: true });
    expect(await statusOf(svix.eventType.get('invoice.paid'))).toBe(404);
    await svix.eventType.delete('invoice.sent', { expunge: true });
  });

  it('are imported from the text of an OpenAPI document, and others archived', async () => {
    await svix.eventType.create({ name: 'old', description: '' });
    const specRaw = `
openapi: 3.1.0
components: { schemas: { Pet: { type: object, properties: { parent: { $ref: '#/components/schemas/Pet' } } } } }
webhooks:
  pet.new:
    post:
      summary: A pet
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
  pet.gone: { post: { description: No pet, deprecated: true } }
`;
    const { data: shown } = await svix.eventType.importOpenapi({ specRaw, dryRun: true });
    expect(shown.toModify?.map(({ name }) => name)).toEqual(['pet.new', 'pet.gone']);
    expect(await names()).toEqual(['old']);
    const { data: done } = await svix.eventType.importOpenapi({ specRaw, replaceAll: true });
    expect(done.modified.toSorted()).toEqual(['old', 'pet.gone', 'pet.new']);
    expect(await names()).toEqual(['pet.gone', 'pet.new']);
    expect((await svix.eventType.get('pet.new')).schemas).toMatchObject({
      1: { properties: { parent: { $ref: '#/definitions/Pet' } }, definitions: { Pet: { type: 'object' } } },
    });
    const { data: again } = await svix.eventType.importOpenapi({ specRaw, replaceAll: true });
    expect(again.modified).toEqual([]);
  });
});
