import type { ApplicationRepository, BeginRemoval, TaskRepository } from '@posthorn/core';
import { anApplication } from '../builders/application.ts';
import { ids, nthId } from '../builders/ids.ts';
import { aRemovalTask } from '../builders/task.ts';

interface World {
  readonly applications: ApplicationRepository;
  readonly tasks: TaskRepository;
  readonly beginRemoval: BeginRemoval;
}

const application = anApplication({ uid: 'shop' });
const aTaskOf = (uid: string, n = 0) =>
  aRemovalTask({
    taskId: nthId('task', n),
    work: { kind: 'application.purge_content', removes: 'application', uid },
  });

/** What every way to begin the removal of an application promises. Each test gets empty repositories. */
export function describeBeginRemoval(name: string, create: () => Promise<World>): void {
  const listed = ({ tasks }: World) =>
    tasks.list(ids.organisation, { limit: 50, direction: 'forward', order: 'ascending' });

  describe(`the beginning of a removal ${name}`, () => {
    it('deletes the application, frees its uid and stores the task', async () => {
      const world = await create();
      const { applications, tasks, beginRemoval } = world;
      await applications.insert(application);
      expect(await beginRemoval(aTaskOf('shop'))).toBe('begun');
      expect(await applications.find(ids.organisation, ids.application)).toBeUndefined();
      expect(await tasks.find(ids.organisation, nthId('task', 0))).toEqual(aTaskOf('shop'));
      const other = anApplication({ applicationId: nthId('application', 1), uid: 'shop' });
      expect(await applications.insert(other)).toBe('inserted');
    });

    it.each([
      ['another one', 'old', 'new'],
      ['one since then', undefined, 'new'],
      ['none any more', 'old', undefined],
    ])('frees the uid that the application has now if that is %s', async (_, old, uid) => {
      const { applications, tasks, beginRemoval } = await create();
      const read = anApplication(old === undefined ? {} : { uid: old });
      await applications.insert(read);
      await applications.update(anApplication(uid === undefined ? {} : { uid }), read);
      const work = { kind: 'application.purge_content', removes: 'application', ...(old && { uid: old }) } as const;
      expect(await beginRemoval(aRemovalTask({ work }))).toBe('begun');
      expect(await tasks.find(ids.organisation, ids.task)).toBeDefined();
      const names = ['old', 'new'].map((one, n) =>
        applications.insert(anApplication({ applicationId: nthId('application', n + 1), uid: one })),
      );
      expect(await Promise.all(names)).toEqual(['inserted', 'inserted']);
    });

    it('stores one task, however often it is begun', async () => {
      const world = await create();
      await world.applications.insert(application);
      expect(await world.beginRemoval(aTaskOf('shop', 0))).toBe('begun');
      expect(await world.beginRemoval(aTaskOf('shop', 1))).toBe('gone');
      expect((await listed(world)).items).toEqual([aTaskOf('shop', 0)]);
    });

    it('stores one task of twenty that are begun at the same time', async () => {
      const world = await create();
      await world.applications.insert(application);
      const rivals = Array.from({ length: 20 }, (_, n) => world.beginRemoval(aTaskOf('shop', n)));
      const ends = await Promise.all(rivals);
      expect(ends.toSorted()).toEqual(['begun', ...Array(19).fill('gone')]);
      expect((await listed(world)).items).toEqual([aTaskOf('shop', ends.indexOf('begun'))]);
    });

    it('touches no application of another organisation', async () => {
      const world = await create();
      await world.applications.insert(application);
      const task = { ...aTaskOf('shop'), organisationId: nthId('organisation', 1) };
      expect(await world.beginRemoval(task)).toBe('gone');
      expect(await world.applications.find(ids.organisation, 'shop')).toEqual(application);
      expect((await listed(world)).items).toEqual([]);
    });
  });
}
