import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { FaultRule } from '@posthorn/local-dynamodb';
import { startMortalServer } from '@posthorn/local-dynamodb/testing/mortal-server';
import { findFreePort } from '@posthorn/local-supervisor/ports';
import { storeStep } from '../check/explain-duplicates.ts';
import { nameOfKill } from '../history/fault-names.ts';
import { goodEndpoints } from '../traffic/good-endpoints.ts';
import { type Pace, planPace, roundsIn } from './plan-pace.ts';
import { type Observe, runSystem } from './run-system.ts';
import type { Scenario } from './scenario.ts';

const [perSecond, settleMs] = [20, 150_000];
const [fewestKills, secondsEach, leastBetweenMs] = [4, 30, 4_000];
/** Shorter and longer than a function tries its calls again. */
const outagesMs = [500, 8_000];
const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'];
/** Over a connection an answer gets lost with the connection, and a slow one may come too late. */
const rules: readonly FaultRule[] = [
  { kind: 'throttle', probability: 0.03 },
  { kind: 'error', probability: 0.02 },
  { kind: 'lost-answer', probability: 0.03, operations: writes },
  // The call ends by its own time limit of some seconds.
  { kind: 'hang-after-commit', probability: 0.005, operations: writes },
  { kind: 'latency', probability: 0.03, latencyMs: 150 },
];
const now = () => performance.timeOrigin + performance.now();

export const store: Scenario = {
  name: 'store',
  about: 'the store is a process of its own behind POSTHORN_DYNAMODB, and is killed and started again',
  async run(run) {
    const folder = await mkdtemp(join(tmpdir(), 'posthorn-store-'));
    const options = { folder, port: await findFreePort() };
    const happened = join(folder, 'faults');
    const start = () => startMortalServer(options, { seed: run.seed, rules }, happened);
    let server = await start();
    const kills = Math.max(fewestKills, roundsIn(planPace({ ...run, perSecond, settleMs }), secondsEach));
    const killInTurn = async (_: unknown, observe: Observe, { seconds }: Pace) => {
      for (let done = 0; done < kills; done += 1) {
        await wait(Math.max(leastBetweenMs, (seconds * 1_000) / kills));
        await server.kill();
        observe({ kind: 'killed', at: now(), step: storeStep });
        await wait(outagesMs[done % outagesMs.length]);
        server = await start();
      }
    };
    try {
      return await runSystem(run, {
        plan: { hiddenSeconds: 8 },
        environment: { POSTHORN_DYNAMODB: server.endpoint },
        endpoints: goodEndpoints,
        perSecond,
        settleMs,
        expects: [
          ...rules.map(({ kind }) => `store: ${kind}`),
          ...Array.from({ length: kills }, () => nameOfKill(storeStep)),
        ],
        trouble: killInTurn,
        async afterwards(_, observe) {
          const kinds = (await readFile(happened, 'utf8')).split('\n').filter((kind) => kind !== '');
          for (const kind of kinds) observe({ kind: 'fault', fault: `store: ${kind}` });
        },
      });
    } finally {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
