import { anApplication, ids, inMemoryApplications, nthId, secondsLater, startOfTests } from '@posthorn/testing';
import { createTargetFinder } from './find-target.ts';
import { aSourceOfBytes } from './fixtures/an-intake.ts';

const refuse = { kind: 'refuse' } as const;
const create = { kind: 'create', content: { uid: 'toys', name: 'Toys', metadata: { a: 'b' } } } as const;
const request = { organisationId: ids.organisation, idOrUid: 'toys', ifMissing: refuse };

function aFinder() {
  const applications = inMemoryApplications();
  const times = [startOfTests];
  const deps = {
    findAccepting: applications.findAccepting,
    insertApplication: applications.insert,
    clock: () => times.shift() ?? secondsLater(1),
    randomBytes: aSourceOfBytes(),
  };
  return { applications, deps, find: createTargetFinder(deps) };
}

describe('the application that a message is for', () => {
  it.each([ids.application, 'toys'])('is found by %s, with a time before it was read', async (idOrUid) => {
    const { applications, find } = aFinder();
    await applications.insert(anApplication({ uid: 'toys', orderedAt: secondsLater(-5) }));
    expect(await find({ ...request, idOrUid })).toEqual({
      application: {
        organisationId: ids.organisation,
        applicationId: ids.application,
        uid: 'toys',
        orderedAt: secondsLater(-5),
      },
      readAt: startOfTests,
    });
  });

  it.each([
    ['there is none', request],
    [
      'it is another organisation’s',
      { ...request, organisationId: nthId('organisation', 1), idOrUid: ids.application },
    ],
  ])('is refused when %s', async (_, missing) => {
    const { applications, find } = aFinder();
    await applications.insert(anApplication());
    await expect(find(missing)).rejects.toMatchObject({ code: 'not_found', message: 'Application not found' });
  });

  it('is created with the content of the request if it does not exist', async () => {
    const { applications, find } = aFinder();
    const { application, readAt } = await find({ ...request, ifMissing: create });
    expect(applications.all()).toEqual([application]);
    expect(application).toEqual({
      organisationId: ids.organisation,
      applicationId: expect.stringMatching(/^app_\w{27}$/),
      ...create.content,
      revision: 1,
      createdAt: startOfTests,
      updatedAt: startOfTests,
    });
    expect(readAt).toEqual(startOfTests);
  });

  it('is not changed if it exists', async () => {
    const { applications, find } = aFinder();
    await applications.insert(anApplication({ uid: 'toys' }));
    const { application } = await find({ ...request, ifMissing: create });
    expect(application.applicationId).toBe(ids.application);
    expect(applications.all()).toEqual([anApplication({ uid: 'toys' })]);
  });

  it('is created once by requests at the same time', async () => {
    const { applications, find } = aFinder();
    const targets = await Promise.all(Array.from({ length: 5 }, () => find({ ...request, ifMissing: create })));
    expect(applications.all()).toHaveLength(1);
    expect(new Set(targets.map(({ application }) => application.applicationId)).size).toBe(1);
  });

  it('is refused when it was deleted again while it was being created', async () => {
    const { deps } = aFinder();
    const find = createTargetFinder({ ...deps, insertApplication: async () => 'uid_taken' });
    await expect(find({ ...request, ifMissing: create })).rejects.toMatchObject({ code: 'not_found' });
  });
});
