import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CannotOpen } from './sealing.ts';
import { createSecretBox } from './secret-box.ts';
import { createTokenVerifier, signToken } from './tokens.ts';

type Json = Readonly<Record<string, unknown>>;

/** Answers one operation. An answer with `__type` is an error with that name. */
type Operation = (input: Json) => Json;

/**
 * Starts a server for AWS's clients that speaks their protocol (JSON 1.1).
 *
 * @param operations - by target, such as `TrentService.Decrypt`
 */
async function startAwsStandIn(operations: Readonly<Record<string, Operation>>) {
  const calls: { readonly target: string; readonly input: Json }[] = [];
  const server = createServer(async (request, response) => {
    const target = String(request.headers['x-amz-target']);
    const input = await readJson(request);
    calls.push({ target, input });
    const answer = operations[target]?.(input) ?? { __type: 'UnknownOperationException' };
    response.writeHead('__type' in answer ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server on a TCP port always has an `AddressInfo`.
  const { port } = server.address() as AddressInfo;
  return {
    calls,
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function readJson(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  // The clients send only JSON objects.
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json;
}

const context = { organisationId: 'org_1', endpointId: 'ep_1' };
const secret = 'a secret of more than thirty-two bytes';
const issuedAt = new Date('2026-01-01T00:00:00Z');
const expiresAt = new Date('2026-01-02T00:00:00Z');

/** Wraps keys like KMS: a wrapped key can be opened only with the context that it was created with. */
function keyService(): Readonly<Record<string, Operation>> {
  const keys = new Map<string, string>();
  const nameOf = (blob: unknown, { EncryptionContext }: Readonly<Record<string, unknown>>) =>
    JSON.stringify([blob, EncryptionContext]);
  return {
    'TrentService.GenerateDataKey': (input) => {
      const [Plaintext, CiphertextBlob] = [randomBytes(32).toString('base64'), randomBytes(40).toString('base64')];
      keys.set(nameOf(CiphertextBlob, input), Plaintext);
      return { Plaintext, CiphertextBlob, KeyId: 'arn:key' };
    },
    'TrentService.Decrypt': (input) => {
      const Plaintext = keys.get(nameOf(input.CiphertextBlob, input));
      if (input.KeyId === 'alias/down') return { __type: 'KMSInternalException' };
      return Plaintext === undefined ? { __type: 'InvalidCiphertextException' } : { Plaintext, KeyId: 'arn:key' };
    },
    'secretsmanager.GetSecretValue': ({ SecretId }) =>
      SecretId === 'short' ? { SecretString: 'short' } : { SecretString: `${secret}\n` },
  };
}

let aws: Awaited<ReturnType<typeof startAwsStandIn>>;
const environment = { ...process.env };
beforeAll(async () => {
  aws = await startAwsStandIn(keyService());
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_MAX_ATTEMPTS: '1',
  });
});
afterAll(async () => {
  process.env = environment;
  await aws.stop();
});
beforeEach(() => {
  aws.calls.length = 0;
});

describe('the box under a KMS key', () => {
  it('makes a data key for each value, bound to its endpoint, and asks for it once', async () => {
    const box = createSecretBox({ kmsKeyId: 'alias/posthorn' });
    const sealed = await box.seal('whsec_secret', context);
    expect([await box.open(sealed, context), await box.open(sealed, context)]).toEqual([
      'whsec_secret',
      'whsec_secret',
    ]);
    expect(aws.calls).toMatchObject([
      {
        target: 'TrentService.GenerateDataKey',
        input: { KeyId: 'alias/posthorn', KeySpec: 'AES_256', EncryptionContext: context },
      },
      { target: 'TrentService.Decrypt', input: { KeyId: 'alias/posthorn', EncryptionContext: context } },
    ]);
  });

  it('never sends the value itself', async () => {
    const box = createSecretBox({ kmsKeyId: 'alias/posthorn' });
    await box.open(await box.seal('whsec_secret', context), context);
    expect(JSON.stringify(aws.calls)).not.toContain(Buffer.from('whsec_secret').toString('base64').slice(0, -4));
  });

  it('opens nothing for another endpoint', async () => {
    const box = createSecretBox({ kmsKeyId: 'alias/posthorn' });
    const sealed = await box.seal('x', context);
    await expect(box.open(sealed, { ...context, endpointId: 'ep_2' })).rejects.toThrow(CannotOpen);
  });

  it('reports an outage of KMS as an outage and not as a wrong value, and asks again the next time', async () => {
    const sealed = await createSecretBox({ kmsKeyId: 'alias/posthorn' }).seal('x', context);
    const box = createSecretBox({ kmsKeyId: 'alias/down' });
    for (let tries = 0; tries < 2; tries += 1)
      await expect(box.open(sealed, context)).rejects.toMatchObject({ name: 'KMSInternalException' });
    expect(aws.calls).toHaveLength(3);
  });
});

describe('the token secret in Secrets Manager', () => {
  const token = () => signToken({ secret, organisationId: 'org_1', issuedAt, expiresAt });

  it('is read once, without the white space around it', async () => {
    const verify = createTokenVerifier({ jwtSecretId: 'posthorn/jwt' });
    const callers = [await verify(await token(), issuedAt), await verify(await token(), issuedAt)];
    expect(callers).toEqual(Array(2).fill({ kind: 'organisation', organisationId: 'org_1' }));
    expect(aws.calls).toEqual([{ target: 'secretsmanager.GetSecretValue', input: { SecretId: 'posthorn/jwt' } }]);
  });

  it('is refused if it is too short', async () => {
    const verify = createTokenVerifier({ jwtSecretId: 'short' });
    await expect(verify(await token(), issuedAt)).rejects.toThrow('32 bytes');
  });
});
