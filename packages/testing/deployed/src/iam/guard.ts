import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject, type JsonObject } from '@posthorn/local-event-sources';
import { type Access, isAllowed, type Statements } from './policy.ts';
import { type AwsRequest, type Needed, neededFor } from './request.ts';

/** A call that was refused, and why. */
export interface Refusal {
  readonly caller: string;
  readonly access: Access;
}

/** A proxy in front of an AWS emulator that checks each call against the policies of its caller's role. */
export interface Guard {
  readonly url: string;
  /** All so far, in order. */
  readonly refusals: readonly Refusal[];
  /** `caller action resource` of each access that was allowed. */
  readonly used: ReadonlySet<string>;
  stop(): Promise<void>;
}

export interface GuardDeps {
  readonly emulatorUrl: string;
  readonly account: string;
  /** The statements of a caller's role. The caller's name is its access key id. */
  policyOf(caller: string): Statements | undefined;
}

/** Starts a guard on a free port of loopback. */
export async function startGuard(deps: GuardDeps): Promise<Guard> {
  const refusals: Refusal[] = [];
  const used = new Set<string>();
  const check = (caller: string, accesses: readonly Access[]): Access | undefined => {
    const statements = deps.policyOf(caller) ?? [];
    const refused = accesses.find((access) => !isAllowed(statements, access));
    if (refused) refusals.push({ caller, access: refused });
    else for (const { action, resource } of accesses) used.add(`${caller} ${action} ${resource}`);
    return refused;
  };
  const server = createServer((request, response) => {
    handle(request, response, { ...deps, check }).catch((error: unknown) =>
      // A response with an error would make the client try again, and the test would wait.
      response.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server on a TCP port always has an `AddressInfo`.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    refusals,
    used,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type HandleDeps = GuardDeps & { check(caller: string, accesses: readonly Access[]): Access | undefined };

async function handle(request: IncomingMessage, response: ServerResponse, deps: HandleDeps): Promise<void> {
  const bytes = await readAll(request);
  const { caller, region } = signerOf(request);
  const needed = neededFor(toAwsRequest(request, bytes, { region, account: deps.account }));
  const before = deps.check(caller, accessesBefore(needed));
  if (before) return refuse(response, caller, before);
  const answer = await forward(request, bytes, deps.emulatorUrl);
  const after = deps.check(caller, accessesAfter(needed, answer));
  if (after) return refuse(response, caller, after);
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

function accessesBefore(needed: Needed): readonly Access[] {
  switch (needed.kind) {
    case 'known':
      return needed.accesses;
    case 'in-response':
      return [];
    case 'unknown':
      return [{ action: `unknown:${needed.target}`, resource: '-' }];
  }
}

function accessesAfter(needed: Needed, { status, body }: Answer): readonly Access[] {
  if (needed.kind !== 'in-response' || status !== 200) return [];
  const resource = parseObject(body)[needed.attribute];
  if (typeof resource !== 'string') throw new Error(`the response to ${needed.action} has no ${needed.attribute}`);
  return [{ action: needed.action, resource }];
}

/** Responds like AWS's JSON protocols do. */
function refuse(response: ServerResponse, caller: string, { action, resource }: Access): void {
  const message = `User: ${caller} is not authorized to perform: ${action} on resource: ${resource}`;
  response
    .writeHead(400, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': 'AccessDeniedException' })
    .end(JSON.stringify({ __type: 'AccessDeniedException', message }));
}

/** `Credential=KEY/20260101/us-east-1/sqs/aws4_request` in the signature. */
function signerOf({ headers: { authorization = '' } }: IncomingMessage): { caller: string; region: string } {
  const [, caller = '', region = ''] = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(authorization) ?? [];
  return { caller, region };
}

const toAwsRequest = (
  { headers }: IncomingMessage,
  bytes: Buffer,
  place: Pick<AwsRequest, 'region' | 'account'>,
): AwsRequest => ({ ...place, target: String(headers['x-amz-target'] ?? ''), body: parseObject(bytes) });

function parseObject(bytes: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isJsonObject(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Keeps the `host` header: moto builds the URLs of queues from it, so calls to them go through the guard too. */
async function forward(request: IncomingMessage, bytes: Buffer, emulatorUrl: string): Promise<Answer> {
  const { method, headers, url = '/' } = request;
  const { hostname, port } = new URL(emulatorUrl);
  const outgoing = sendRequest({ method, headers, path: url, hostname, port }).end(bytes);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const { 'transfer-encoding': _, connection: __, ...kept } = answer.headers;
  return { status: answer.statusCode ?? 502, headers: kept, body: await readAll(answer) };
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
