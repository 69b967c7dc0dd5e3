import { parseTaskJob, toTaskJob } from './task-job.ts';

const job = { organisationId: 'org_1', applicationId: 'app_1', endpointId: 'ep_1', taskId: 'qtask_1', slice: 3 };

describe('the text of a slice of a task', () => {
  it('is read as it was written', () => {
    expect(parseTaskJob(toTaskJob(job))).toEqual({ kind: 'task', job });
  });

  it('needs no endpoint, for a task of a whole application', () => {
    const { endpointId: _, ...ofApplication } = job;
    expect(parseTaskJob(toTaskJob(ofApplication))).toStrictEqual({ kind: 'task', job: ofApplication });
  });

  it('says whether it makes a failed task go on', () => {
    expect(parseTaskJob(toTaskJob({ ...job, resumes: true }))).toEqual({
      kind: 'task',
      job: { ...job, resumes: true },
    });
    expect(parseTaskJob(toTaskJob(job))).not.toHaveProperty('job.resumes');
  });

  it.each([
    ['no JSON', 'slice 3'],
    ['a delivery', JSON.stringify({ ...job, version: 1, messageId: 'msg_1' })],
    ['another version', JSON.stringify({ ...job, version: 2, kind: 'task' })],
    ['a negative slice', toTaskJob({ ...job, slice: -1 })],
  ])('is refused if it is %s', (_, text) => {
    expect(parseTaskJob(text)).toEqual({ kind: 'refused', reason: 'not a slice of a task' });
  });
});
