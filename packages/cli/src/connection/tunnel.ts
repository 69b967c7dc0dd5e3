import type { Agent } from 'node:https';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { CliError } from '../exit/cli-error.ts';
import { describeFailure } from './describe-failure.ts';
import { proxyAuthorization } from './proxy.ts';

/** Where a connection of an agent leads. Node gives it to `createConnection`. */
interface Target extends ConnectionOptions {
  readonly host: string;
  readonly port: number;
}

/** Opens TLS connections through a proxy (`CONNECT`, RFC 9110, 9.3.6). The proxy sees the host only. */
export async function createTunnelAgent(proxy: URL, closed: AbortSignal): Promise<Agent> {
  const { Agent } = await import('node:https');
  const { connect } = await import('node:tls');
  const agent = new Agent({ keepAlive: true });
  const open = async (target: Target) => {
    const socket = await openTunnel(proxy, target, closed);
    return connect({ ...target, socket });
  };
  return Object.assign(agent, {
    createConnection: (target: Target, done: (error: Error | null, socket?: Socket) => void): undefined => {
      open(target).then(
        (socket) => done(null, socket),
        (error: Error) => done(error),
      );
    },
  });
}

async function openTunnel(proxy: URL, { host, port }: Target, closed: AbortSignal): Promise<Socket> {
  const { request } = proxy.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const headers = { host: target, ...proxyAuthorization(proxy) };
  const asked = request(proxy, { method: 'CONNECT', path: target, headers, agent: false, auth: null, signal: closed });
  return new Promise((resolve, reject) => {
    asked.once('error', (error) => reject(describeFailure(error, { place: `the proxy ${proxy.host}`, isProxy: true })));
    asked.once('connect', ({ statusCode = 0 }, socket) => {
      if (statusCode >= 200 && statusCode < 300) return resolve(socket as Socket);
      socket.destroy();
      reject(refusal(proxy, target, statusCode));
    });
    asked.end();
  });
}

const refusal = (proxy: URL, target: string, status: number): CliError =>
  new CliError('unreachable', `The proxy ${proxy.host} refused a connection to ${target} (${status})`, {
    code: 'proxy_refused',
    remedy:
      status === 407
        ? 'Put the user name and password of the proxy into HTTPS_PROXY'
        : 'Check HTTPS_PROXY, or name the host in NO_PROXY if it is reachable without a proxy',
  });
