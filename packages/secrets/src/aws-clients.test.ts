import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inMemoryDataKeys } from '@posthorn/testing';
import { CannotOpen } from './sealing.ts';
import { createSecretBox, type SecretBox } from './secret-box.ts';
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
  const earlier = { EncryptionContext: { organisationId: 'org_1', endpointId: 'ep_1' } };
  keys.set(
    nameOf(Buffer.from('wrapped').toString('base64'), earlier),
    Buffer.from('0123456789abcdef0123456789abcdef').toString('base64'),
  );
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

const boxUnder = (kmsKeyId: string, dataKeys = inMemoryDataKeys(), now = () => 0): SecretBox =>
  createSecretBox({ key: { kmsKeyId }, dataKeys, now });
const targets = () => aws.calls.map(({ target }) => target.replace('TrentService.', ''));

describe('the box under a KMS key', () => {
  it('asks for one data key for an organisation, bound to it', async () => {
    const box = boxUnder('alias/posthorn');
    const sealed = await box.seal('whsec_secret', context);
    expect(await box.open(sealed, context)).toBe('whsec_secret');
    const EncryptionContext = { organisationId: 'org_1', keyId: '1' };
    expect(aws.calls).toEqual([
      {
        target: 'TrentService.GenerateDataKey',
        input: { KeyId: 'alias/posthorn', KeySpec: 'AES_256', EncryptionContext },
      },
    ]);
  });

  it('makes one call for all endpoints of an organisation, and one more after the key is forgotten', async () => {
    const dataKeys = inMemoryDataKeys();
    const endpoints = Array.from({ length: 1_000 }, (_, n) => ({ organisationId: 'org_1', endpointId: `ep_${n}` }));
    const api = boxUnder('alias/posthorn', dataKeys);
    const sealed = await Promise.all(endpoints.map((endpoint) => api.seal('x', endpoint)));
    expect(targets()).toEqual(['GenerateDataKey']);
    aws.calls.length = 0;
    let now = 0;
    const worker = boxUnder('alias/posthorn', dataKeys, () => now);
    const openAll = () => Promise.all(sealed.map((text, n) => worker.open(text, endpoints[n] ?? context)));
    await openAll();
    now = 5 * 60_000 - 1;
    await openAll();
    expect(targets()).toEqual(['Decrypt']);
    // What was opened is remembered for a minute more.
    now = 6 * 60_000;
    await openAll();
    expect(targets()).toEqual(['Decrypt', 'Decrypt']);
  });

  it('remembers the keys of a thousand organisations', async () => {
    const box = boxUnder('alias/posthorn');
    const organisations = Array.from({ length: 1_001 }, (_, n) => ({ ...context, organisationId: `org_${n}` }));
    for (const of of organisations) await box.seal('x', of);
    aws.calls.length = 0;
    await box.seal('x', organisations[1_000] ?? context);
    await box.seal('x', organisations[1] ?? context);
    expect(targets()).toEqual([]);
    await box.seal('x', organisations[0] ?? context);
    expect(targets()).toEqual(['Decrypt']);
  });

  it('never sends the value itself', async () => {
    const box = boxUnder('alias/posthorn');
    await box.open(await box.seal('whsec_secret', context), context);
    expect(JSON.stringify(aws.calls)).not.toContain(Buffer.from('whsec_secret').toString('base64').slice(0, -4));
  });

  it('opens nothing for another endpoint', async () => {
    const box = boxUnder('alias/posthorn');
    const sealed = await box.seal('x', context);
    await expect(box.open(sealed, { ...context, endpointId: 'ep_2' })).rejects.toThrow(CannotOpen);
  });

  it('reports an outage of KMS as an outage and not as a wrong value, and asks again the next time', async () => {
    const dataKeys = inMemoryDataKeys();
    const sealed = await boxUnder('alias/posthorn', dataKeys).seal('x', context);
    const box = boxUnder('alias/down', dataKeys);
    for (let tries = 0; tries < 2; tries += 1)
      await expect(box.open(sealed, context)).rejects.toMatchObject({ name: 'KMSInternalException' });
    expect(aws.calls).toHaveLength(3);
  });

  it('opens values of the version before, each with a data key of its own', async () => {
    const text = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    // The data key behind `wrapped`, as `keyService` has it.
    const value = `AbqU6bq//YPWoatJzgaCUKlpWOaZZ8c30DDxjkGZTNYJJ4cqp0I7aV0s1hKiLgLabZDuHBS/KwQsBnhIhSx9+wCm`;
    const box = boxUnder('alias/posthorn');
    const sealed = `kms.v1.${Buffer.from('wrapped').toString('base64')}.${value}`;
    expect([await box.open(sealed, context), await box.open(sealed, context)]).toEqual([text, text]);
    expect(aws.calls).toMatchObject([{ target: 'TrentService.Decrypt', input: { EncryptionContext: context } }]);
    await expect(box.open(sealed, { ...context, endpointId: 'ep_2' })).rejects.toThrow(CannotOpen);
  });
});

describe('the token secret in Secrets Manager', () => {
  const token = () => signToken({ secret, organisationId: 'org_1', issuedAt, expiresAt });

  it('is read once, without the white space around it', async () => {
    const verify = createTokenVerifier({ jwtSecretId: 'posthorn/jwt' });
    const callers = [await verify(await token(), issuedAt), await verify(await token(), issuedAt)];
    expect(callers).toMatchObject(Array(2).fill({ kind: 'organisation', organisationId: 'org_1' }));
    expect(aws.calls).toEqual([{ target: 'secretsmanager.GetSecretValue', input: { SecretId: 'posthorn/jwt' } }]);
  });

  it('is refused if it is too short', async () => {
    const verify = createTokenVerifier({ jwtSecretId: 'short' });
    await expect(verify(await token(), issuedAt)).rejects.toThrow('32 bytes');
  });
});
