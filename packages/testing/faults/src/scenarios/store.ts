import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { FaultRule } from '@posthorn/local-dynamodb';
import { startMortalServer } from '@posthorn/local-dynamodb/testing/mortal-server';
import { findFreePort } from '@posthorn/local-supervisor/ports';
import { goodEndpoints } from '../traffic/good-endpoints.ts';
import { type Observe, runSystem } from './run-system.ts';
import type { Scenario } from './scenario.ts';

const kills = 4;
const betweenKillsMs = 4_000;
/** Shorter and longer than a function tries its calls again. */
const outagesMs = [500, 8_000];
/** Over a connection an answer gets lost with the connection, and a slow one may come too late. */
const rules: readonly FaultRule[] = [
  { kind: 'throttle', probability: 0.03 },
  { kind: 'error', probability: 0.02 },
  { kind: 'lost-answer', probability: 0.03, operations: ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'] },
  { kind: 'latency', probability: 0.03, latencyMs: 150 },
];
const now = () => performance.timeOrigin + performance.now();

export const store: Scenario = {
  name: 'store',
  about: 'the store is a process of its own behind POSTHORN_DYNAMODB, and is killed and started again',
  async run(run) {
    const folder = await mkdtemp(join(tmpdir(), 'posthorn-store-'));
    const options = { folder, port: await findFreePort() };
    let server = await startMortalServer(options, { seed: run.seed, rules });
    const killInTurn = async (_: unknown, observe: Observe) => {
      for (let done = 0; done < kills; done += 1) {
        await wait(betweenKillsMs);
        await server.kill();
        observe({ kind: 'killed', at: now(), step: 'the store' });
        await wait(outagesMs[done % outagesMs.length]);
        server = await startMortalServer(options, { seed: run.seed, rules });
      }
    };
    try {
      return await runSystem(run, {
        plan: { hiddenSeconds: 8 },
        environment: { POSTHORN_DYNAMODB: server.endpoint },
        endpoints: goodEndpoints,
        perSecond: 20,
        settleMs: 150_000,
        trouble: killInTurn,
      });
    } finally {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
