import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { ApiException, Svix } from 'svix';
import { runStart, type StartCommand, tokenScript, whenReady } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

let command: StartCommand;
let url: string;
beforeAll(async () => {
  command = await runStart();
  ({ url } = await whenReady(command));
});
afterAll(async () => {
  process.kill(command.pid, 'SIGTERM');
  await command.ended;
  await command.cleanUp();
});

/** An organisation that enforces a schema, and a function that posts a message and returns the status of the answer. */
async function anOrganisation(token: string, schema: object) {
  const svix = new Svix(token, { serverUrl: url, numRetries: 0 });
  const { id } = await svix.application.create({ name: 'Toys' });
  await svix.eventType.create({ name: 'checked', description: '', schemas: { 1: schema } });
  const answer = await fetch(`${url}/api/v1/event-type/checked/enforcement`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ enabled: true }),
  });
  expect(answer.status).toBe(200);
  const post = async (payload: object): Promise<number> => {
    try {
      await svix.message.create(id, { eventType: 'checked', payload });
      return 202;
    } catch (error) {
      if (error instanceof ApiException) return error.code;
      throw error;
    }
  };
  await until('the schema is enforced', async () => (await post({ text: 1 })) === 422);
  return post;
}

const textOf = (schema: object) => ({ required: ['text'], properties: { text: { type: 'string', ...schema } } });

it('does not let an organisation wait for another one whose pattern takes all steps that a check may take', async () => {
  const { ended, stdout } = runProgram(tokenScript, ['--org', 'org_Elsewhere'], {
    POSTHORN_DATA_DIR: command.dataDir,
  });
  await ended;
  const quiet = await anOrganisation(await readFile(join(command.dataDir, 'token'), 'utf8'), textOf({}));
  const hostile = await anOrganisation(stdout().trim(), textOf({ pattern: '(a?){500}b' }));
  const statuses: number[] = [];
  const text = 'a'.repeat(500_000);
  let isOver = false;
  const senders = 20;
  const all = Promise.all(
    Array.from({ length: senders }, async () => {
      while (!isOver) statuses.push(await hostile({ text }));
    }),
  );
  await until('the hostile one is checked', () => statuses.includes(422));
  const countChecked = () => statuses.filter((status) => status === 422).length;
  /** How many checks of the hostile one ended while each message of the other one was checked. */
  const checkedMeanwhile: number[] = [];
  while (checkedMeanwhile.length < 11) {
    const before = countChecked();
    // On a slow machine, a check may start too late. Then it is to be sent again.
    if ((await quiet({ text: 'b' })) === 202) checkedMeanwhile.push(countChecked() - before);
  }
  // Each sender of the hostile one has a message that waits. A turn in a common line would be after all of them.
  const median = checkedMeanwhile.toSorted((one, other) => one - other)[5];
  expect(median).toBeLessThanOrEqual(senders / 4);
  isOver = true;
  await all;
  // Those that waited for too long were not checked.
  for (const status of statuses) expect([422, 503]).toContain(status);
  await until('it is accepted', async () => (await hostile({ text: 'b' })) === 202);
});
