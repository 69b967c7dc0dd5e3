import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { jwtSecretName, tables } from '@posthorn/contracts';
import { type DynamodbServer, startDynamodbEmbedded } from '@posthorn/local-dynamodb/server';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { toCreateTableInput } from '@posthorn/models/tables';
import { tokenScript } from './fixtures/start-command.ts';

const stage = 'prod';
const organisation = 'org_23rb8YdGqMT0qIzpgGwdXfHirMu';

let dynamodb: DynamodbServer;
let secrets: Server;
let environment: NodeJS.ProcessEnv;
/** The names of secrets that were asked for. */
const asked: string[] = [];
beforeAll(async () => {
  dynamodb = await startDynamodbEmbedded();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint: dynamodb.endpoint, region: 'eu-west-1', credentials });
  for (const table of tables) await client.send(new CreateTableCommand(toCreateTableInput(stage, table)));
  client.destroy();
  secrets = await startSecrets();
  environment = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`,
  };
});
afterAll(async () => {
  secrets?.close();
  await dynamodb?.stop();
});

/** What AWS Secrets Manager answers for the secret of the stage. */
async function startSecrets(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { SecretId } = (await json(request)) as { SecretId: string };
    asked.push(SecretId);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ Name: SecretId, SecretString: 'a secret that is long enough to sign tokens with' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function runToken(...args: readonly string[]) {
  const program = runProgram(tokenScript, [...args, '--org', organisation, '--stage', stage], environment);
  return { code: await program.ended, stdout: program.stdout().trim(), stderr: program.stderr() };
}

const listed = async () => JSON.parse((await runToken('list', '--json')).stdout);

it('an operator creates, lists and revokes the tokens of an installation on AWS by its stage', async () => {
  const [first, second] = [await runToken(), await runToken('--app', 'app_One')];
  expect([first.code, second.code, first.stderr]).toEqual([0, 0, '']);
  expect(asked).toEqual([jwtSecretName(stage), jwtSecretName(stage)]);
  const idOf = ({ stdout }: typeof first): string =>
    JSON.parse(Buffer.from(stdout.split('.')[1] ?? '', 'base64url').toString()).jti;
  expect(await listed()).toMatchObject([{ tokenId: idOf(first), isRevoked: false }]);

  expect(await runToken('revoke', idOf(first))).toMatchObject({ code: 0, stdout: `revoked: ${idOf(first)}` });
  expect(await listed()).toMatchObject([{ tokenId: idOf(first), isRevoked: true }]);
  // The token of an application is not one of the organisation. By itself it can be revoked.
  expect(await runToken('revoke', idOf(second))).toMatchObject({ code: 2 });
  expect(await runToken('revoke', second.stdout)).toMatchObject({ code: 0, stdout: `revoked: ${idOf(second)}` });
});
