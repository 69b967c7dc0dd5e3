import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { buildLibrary, checkTypes, type Installed, installPacked, runProgram } from '@posthorn/publishing';

const own = join(import.meta.dirname, '../..');
let installed: Installed;

beforeAll(async () => {
  await buildLibrary(own);
  installed = await installPacked(join(own, 'dist'));
  // What the users of some entries have installed.
  await mkdir(join(installed.folder, 'node_modules/@types'), { recursive: true });
  for (const name of ['@aws-sdk', 'express', '@types/express'])
    await symlink(join(own, 'node_modules', name), join(installed.folder, 'node_modules', name));
});

afterAll(() => installed[Symbol.asyncDispose]());

const program = `
  const bytes = Buffer.from('{"test": 2432232314}');
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const now = () => 1614265330000;
  const keys = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4='];
  const receive = createReceiver({ keys, now, store: memoryStore(), handle: (message) => console.log(message.json()) });
  receive({ body: bytes, headers })
    .then(() => receive({ body: bytes, headers }))
    .then(({ status }) => console.log(status));
`;
const names = '{ createReceiver, memoryStore }';

/** Names of the package, for `import` and `require`. */
const entries = async () =>
  Object.keys(JSON.parse(await readFile(join(own, 'package.json'), 'utf8')).exports).map((entry) =>
    join('@posthorn/receiver', entry),
  );

describe.each(['oldest', 'current'] as const)('the installed package, on the %s Node.js', (node) => {
  it('can be loaded by each of its entries, which have the same names either way', async () => {
    const text = `import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      for (const entry of ${JSON.stringify(await entries())})
        console.log(entry, Object.keys(require(entry)).sort().join() === Object.keys(await import(entry)).sort().join());`;
    const printed = await runProgram(installed.folder, { node, file: 'entries.mjs', text });
    expect(printed.trim().split('\n')).toEqual((await entries()).map((entry) => `${entry} true`));
  });

  it.each([
    ['program.mjs', `import ${names} from '@posthorn/receiver'; ${program}`],
    ['program.cjs', `const ${names} = require('@posthorn/receiver'); ${program}`],
  ])('receives a message in %s', async (file, text) => {
    expect(await runProgram(installed.folder, { node, file, text })).toBe('{ test: 2432232314 }\n200\n');
  });
});

describe.each(['nodenext', 'bundler'] as const)('its types, with %s', (resolution) => {
  const check = async (file: string, handle: string) =>
    checkTypes(installed.folder, {
      resolution,
      file,
      text: `${(await entries()).map((entry, n) => `import * as entry${n} from '${entry}'; void entry${n};`).join('\n')}
        import { createReceiver, memoryStore, type Answer } from '@posthorn/receiver';
        const receive = createReceiver({ keys: 'whsec_', store: memoryStore(), handle: ${handle} });
        export const answer: Promise<Answer> = receive({ body: new Uint8Array(), headers: new Headers() });`,
    });

  it.each(['consumer.mts', 'consumer.cts'])(
    'can be used in %s',
    async (file) => {
      expect(await check(file, 'async (message) => message.id.length')).toBe('');
      expect(await check(file, 'async (message) => message.payload')).toContain("'payload' does not exist");
    },
    60_000,
  );
});

it('has every entry as ES module and CommonJS with types, the licence, the README, and no dependency', async () => {
  const manifestOf = async (folder: string) => JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const published = await manifestOf(join(installed.folder, 'node_modules/@posthorn/receiver'));
  expect(Object.keys(published.exports)).toEqual(Object.keys((await manifestOf(own)).exports));
  const named = Object.values<Record<string, Record<string, string>>>(published.exports)
    .flatMap((conditions) => Object.values(conditions).flatMap((entry) => Object.values(entry)))
    .map((file) => file.slice('./'.length));
  expect(installed.files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', ...named]));
  expect(installed.files.filter((file) => !/^(LICENSE|README\.md)$|\.(js|d\.ts)$|package\.json$/.test(file))).toEqual(
    [],
  );
  expect(published).toMatchObject({ license: 'MIT', engines: { node: '>=20' } });
  expect(published).not.toHaveProperty('dependencies');
});

describe('the adapters, without their frameworks', () => {
  const imports = `
    import { createServer, request } from 'node:http';
    import { webhooks as expressWebhooks } from '@posthorn/receiver/express';
    import { webhooks as fastifyWebhooks } from '@posthorn/receiver/fastify';
    import { createFetchReceiver } from '@posthorn/receiver/fetch';
    import { createLambdaReceiver } from '@posthorn/receiver/lambda';
    import { webhooks as middyWebhooks } from '@posthorn/receiver/middy';`;

  it.each(['oldest', 'current'] as const)('receive on the %s Node.js', async (node) => {
    const text = `${imports}
      const body = '{"test": 2432232314}';
      const headers = {
        'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        'webhook-timestamp': '1614265330',
        'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      };
      const keys = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
      const options = { keys, now: () => 1614265330000, handle: () => {}, maxBodyBytes: 1000 };
      const post = (port, sent) => new Promise((resolve, reject) => {
        const head = { port, host: '127.0.0.1', method: 'POST', headers };
        request(head, (response) => response.resume().on('end', () => resolve(response.statusCode)))
          .on('error', reject).end(sent);
      });

      const server = createServer(expressWebhooks(options)).listen(0, '127.0.0.1', async () => {
        const { port } = server.address();
        console.log('express', await post(port, body), await post(port, 'x'.repeat(2000)));
        server.close();
        const sent = new Request('http://localhost/', { method: 'POST', headers, body });
        console.log('fetch', (await createFetchReceiver(options)(sent)).status);
        const event = { requestContext: { http: { method: 'POST' } }, headers, body, isBase64Encoded: false };
        console.log('lambda', (await createLambdaReceiver(options)(event)).statusCode);
        const middyRequest = { event };
        await middyWebhooks(options).before(middyRequest);
        console.log('middy', middyRequest.event.webhook.json().test, typeof fastifyWebhooks);
      });`;
    const printed = 'express 204 413\nfetch 204\nlambda 204\nmiddy 2432232314 function\n';
    expect(await runProgram(installed.folder, { node, file: 'adapters.mjs', text })).toBe(printed);
  });

  it.each(['nodenext', 'bundler'] as const)('have types that can be used, with %s', async (resolution) => {
    const text = `${imports}
      const options = { keys: 'whsec_', handle: () => undefined };
      createServer(expressWebhooks(options));
      export const used = [request, fastifyWebhooks, createLambdaReceiver(options), middyWebhooks(options)];
      export const receive: (request: Request) => Promise<Response> = createFetchReceiver(options);`;
    expect(await checkTypes(installed.folder, { resolution, file: 'adapters.mts', text })).toBe('');
  });
});

it('is used in its README as its types ask for', async () => {
  const readme = await readFile(join(own, 'README.md'), 'utf8');
  const programs = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, text = '']) => text);
  expect(programs.length).toBeGreaterThan(3);
  // Each is a module of its own.
  const text = (program: string) => `${program}\nexport {};`;
  for (const [n, program] of programs.entries()) {
    const file = `readme-${n}.mts`;
    expect(await checkTypes(installed.folder, { resolution: 'nodenext', file, text: text(program) })).toBe('');
  }
});
