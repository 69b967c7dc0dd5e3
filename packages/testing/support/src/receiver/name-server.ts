import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4, isIPv6 } from 'node:net';

/** What a name server does with a query. A promise that never resolves is a silent name server. */
export type NameAnswer =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[]; readonly ttlSeconds?: number }
  | { readonly kind: 'no-such-name' }
  | { readonly kind: 'server-failure' };

export interface NameQuery {
  readonly name: string;
  /** `A` asks for IPv4, `AAAA` for IPv6. Addresses of the other type are left out of the response. */
  readonly type: 'A' | 'AAAA';
}

/** A real name server on loopback (UDP) that answers as a test says. */
export interface NameServer {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** All queries so far, including repeated ones. */
  readonly queries: readonly NameQuery[];
  stop(): Promise<void>;
}

export async function startNameServer(
  answer: (query: NameQuery) => NameAnswer | Promise<NameAnswer>,
): Promise<NameServer> {
  const queries: NameQuery[] = [];
  const socket = createSocket('udp4');
  let isOpen = true;
  socket.on('message', async (bytes: Buffer, { port, address }: RemoteInfo) => {
    const { query, questionEnd } = parseQuery(bytes);
    queries.push(query);
    const given = await answer(query);
    if (isOpen) socket.send(toResponse(bytes.subarray(0, questionEnd), query, given), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    queries,
    stop: async () => {
      if (!isOpen) return;
      isOpen = false;
      socket.close();
      await once(socket, 'close');
    },
  };
}

const headerLength = 12;
const typeIpv6 = 28;

/** The question of a DNS query (RFC 1035, 4.1): the labels of the name, each after its length, and then the type. */
function parseQuery(bytes: Buffer): { readonly query: NameQuery; readonly questionEnd: number } {
  const labels: string[] = [];
  let at = headerLength;
  for (let length = bytes.readUInt8(at); length > 0; length = bytes.readUInt8(at)) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = bytes.readUInt16BE(at + 1) === typeIpv6 ? 'AAAA' : 'A';
  return { query: { name: labels.join('.').toLowerCase(), type }, questionEnd: at + 5 };
}

const codes = { addresses: 0, 'server-failure': 2, 'no-such-name': 3 } as const;

function toResponse(question: Buffer, { type }: NameQuery, answer: NameAnswer): Buffer {
  const all = answer.kind === 'addresses' ? answer.addresses : [];
  const addresses = all.filter(type === 'A' ? isIPv4 : isIPv6);
  const head = Buffer.from(question);
  // A response with its code, recursion desired and available, one question and the answers.
  head.writeUInt16BE(0x8180 | codes[answer.kind], 2);
  for (const [index, count] of [1, addresses.length, 0, 0].entries()) head.writeUInt16BE(count, 4 + 2 * index);
  const ttlSeconds = answer.kind === 'addresses' ? (answer.ttlSeconds ?? 0) : 0;
  return Buffer.concat([head, ...addresses.map((address) => toRecord(address, ttlSeconds))]);
}

function toRecord(address: string, ttlSeconds: number): Buffer {
  const data = addressBytes(address);
  const record = Buffer.alloc(12);
  // The name refers to the question, the class is IN.
  record.writeUInt16BE(0xc000 | headerLength, 0);
  record.writeUInt16BE(data.length === 16 ? typeIpv6 : 1, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(ttlSeconds, 6);
  record.writeUInt16BE(data.length, 10);
  return Buffer.concat([record, data]);
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [start = '', end = ''] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const zeros = Array.from({ length: 8 - groups(start).length - groups(end).length }, () => '0');
  const words = [...groups(start), ...(address.includes('::') ? zeros : []), ...groups(end)];
  return Buffer.from(words.map((word) => word.padStart(4, '0')).join(''), 'hex');
}
