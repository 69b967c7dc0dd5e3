import { tableName } from '@posthorn/contracts';
import type { FaultRule } from '@posthorn/local-dynamodb';
import { localStage } from '@posthorn/local-supervisor/host-options';
import { goodEndpoints } from '../traffic/good-endpoints.ts';
import { runSystem } from './run-system.ts';
import type { Scenario } from './scenario.ts';

const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'];
/** A conflict is not tried again. Attempts are in no transaction, so the record of one has no conflict. */
const mayConflict = (['applications', 'endpoints', 'claims', 'messages', 'deliveries', 'statistics'] as const).map(
  (table) => tableName(localStage, table),
);
/** A tenth of the calls of tables fail, and of their writes some that were made. */
const tables: readonly FaultRule[] = [
  { kind: 'throttle', probability: 0.04 },
  { kind: 'conflict', probability: 0.02, operations: writes, tables: mayConflict },
  { kind: 'error', probability: 0.03 },
  { kind: 'lost-answer', probability: 0.03, operations: writes },
];
/** A tenth of the calls of queues fail, and some for good. */
const queues = { throttle: 0.03, error: 0.03, lostAnswer: 0.03, giveUp: 0.006 };
const eventSources = { duplicate: 0.2, reorder: true, cut: 0.5, replay: 0.2 };

export const calls: Scenario = {
  name: 'calls',
  about: 'a tenth of all calls fail, a fifth of all jobs come twice, and streams are cut and replayed',
  run: (run) =>
    runSystem(run, {
      plan: { tables, queues, eventSources, hiddenSeconds: 8 },
      endpoints: goodEndpoints,
      perSecond: 40,
      settleMs: 150_000,
    }),
};
