import { setTimeout as wait } from 'node:timers/promises';
import type { Accepted, Asked, Event, Subscribed } from '../history/event.ts';
import { readPath } from '../receiver/path.ts';
import type { ApiAnswer, CallApi } from './call-api.ts';
import type { Tenant } from './prepare-tenants.ts';

/** What people need to change and ask for things while messages flow. */
export interface PeopleDeps {
  readonly call: CallApi;
  readonly accepted: readonly Accepted[];
  readonly observe: (event: Event) => void;
  /** A number from 0 to below 1. */
  readonly random: () => number;
}

const now = () => performance.timeOrigin + performance.now();
const offForMs = 1_000;
const lookEveryMs = 200;
const mostLooks = 100;
const settledMs = 3_000;
/** Messages of this time are sent again by one task. */
const replayMs = 2_000;

/** Someone who works on the endpoints of one application. Endpoints are named as in their plans. */
export function createPerson(deps: PeopleDeps, { applicationId, endpoints }: Tenant) {
  const { call, observe, random, accepted } = deps;
  const find = (name: string): Subscribed => {
    const found = endpoints.find(({ path }) => readPath(path)?.name === name);
    if (!found) throw new Error(`there is no endpoint ${name}`);
    return found;
  };
  const pathOf = ({ order, endpointId }: Subscribed): string =>
    `/app/${applicationId}/${order === 'none' ? 'endpoint' : 'destination'}/${endpointId}`;
  const ask = (what: Asked['what'], { endpointId }: Subscribed, messageId?: string) =>
    observe({ kind: 'asked', at: now(), what, endpointId, ...(messageId !== undefined && { messageId }) });
  const set = async (endpoint: Subscribed, isOn: boolean) => {
    const body = endpoint.order === 'none' ? { disabled: !isOn } : { status: isOn ? 'enabled' : 'disabled' };
    await succeed(call('PATCH', pathOf(endpoint), { body }));
  };

  /** Starts a task, and waits for its end. There is none at an endpoint that is disabled. */
  const runTask = async (name: string, kind: 'recover' | 'replay-missing' | 'bulk-replay', body: object) => {
    const endpoint = find(name);
    const path = `/app/${applicationId}/endpoint/${endpoint.endpointId}/${kind}`;
    const answer = await call('POST', path, { body, onTry: () => ask('again', endpoint) });
    // An answer of the receiver has disabled the endpoint again.
    if (answer.status === 409) return;
    const begun = (await succeed(answer)) as { readonly id: string };
    for (let looks = 0; looks < mostLooks; looks += 1) {
      const { status } = (await succeed(call('GET', `/background-task/${begun.id}`))) as { readonly status: string };
      if (status !== 'running') return;
      await wait(lookEveryMs);
    }
    throw new Error(`the task ${begun.id} does not end`);
  };

  return {
    enable: (name: string) => set(find(name), true),
    async switchOffAndOn(name: string) {
      const endpoint = find(name);
      const from = now();
      await set(endpoint, false);
      await wait(offForMs);
      await set(endpoint, true);
      observe({ kind: 'off', endpointId: endpoint.endpointId, from, until: now() });
    },
    async delete(name: string) {
      const endpoint = find(name);
      observe({ kind: 'off', endpointId: endpoint.endpointId, from: now(), until: Number.POSITIVE_INFINITY });
      await call('DELETE', pathOf(endpoint));
    },
    /** Skips the oldest head that blocks its group, or has it tried once more. @returns whether any group waits */
    async seeToHeads(name: string, mayRetry = true): Promise<boolean> {
      const endpoint = find(name);
      const { status, failureReason } = (await succeed(call('GET', pathOf(endpoint)))) as {
        readonly status: string;
        readonly failureReason: string | null;
      };
      if (failureReason !== null) {
        const msgId = failureReason.split(':')[0] ?? '';
        const what = mayRetry && random() < 0.5 ? 'retry' : 'skip';
        const onTry = () => ask(what, endpoint, msgId);
        await call('POST', `${pathOf(endpoint)}/${what}`, { body: { msgId }, onTry });
      }
      return status !== 'enabled';
    },
    /** Sends one of the latest messages again. */
    async resend(name: string) {
      const endpoint = find(name);
      const latest = accepted.filter((message) => message.applicationId === applicationId).slice(-50);
      const message = latest[Math.floor(random() * latest.length)];
      if (!message) return;
      const path = `/app/${applicationId}/msg/${message.messageId}/endpoint/${endpoint.endpointId}/resend`;
      await succeed(call('POST', path, { onTry: () => ask('again', endpoint, message.messageId) }));
    },
    recover: (name: string, since: Date) => runTask(name, 'recover', { since }),
    /** Of messages that have been attempted by now, if they were planned: a job that still waits would get a second one. */
    replayMissing: (name: string, since: Date) =>
      runTask(name, 'replay-missing', { since, until: new Date(Date.now() - settledMs) }),
    /** Sends the successful messages of the last seconds again. */
    bulkReplay: (name: string) => runTask(name, 'bulk-replay', { since: new Date(Date.now() - replayMs), status: 0 }),
  };
}

export type Person = ReturnType<typeof createPerson>;

async function succeed(answer: ApiAnswer | Promise<ApiAnswer>): Promise<unknown> {
  const { status, body } = await answer;
  if (status < 300) return body;
  throw new Error(`the API refused what a person asked for, with ${status}: ${JSON.stringify(body)}`);
}
