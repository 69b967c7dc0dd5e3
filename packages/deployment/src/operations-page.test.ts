import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { queueName, queues } from '@posthorn/contracts';
import { service as api } from '../../../services/api/functions.ts';
import { dataResources } from '../../../services/data/resources.ts';
import { createService as createDbTriggers } from '../../../services/db-triggers/functions.ts';
import { service as queueWorkers } from '../../../services/queue-workers/functions.ts';
import { toServiceResources } from './service-resources.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const page = read('docs/operations.md');
const isNamed = (name: string): boolean => page.includes(`\`${name}\``);

const stage = 'prod';
const aSource = { tableName: 'orders', streamArn: 'arn:aws:dynamodb:us-east-1:1:table/orders/stream/2026' };
const templates = [
  dataResources(stage),
  ...[api, createDbTriggers([aSource]), queueWorkers].map((service) => toServiceResources(service, stage)),
];
const alarms = templates
  .flatMap(({ Resources }) => Object.values(Resources))
  .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
  .map(({ Properties }) => String((Properties as { readonly AlarmName: unknown }).AlarmName));

describe('docs/operations.md', () => {
  it.each(alarms)('says what the alarm %s means', (name) => {
    expect(isNamed(name)).toBe(true);
  });

  it.each(queues.map((queue) => queueName(stage, queue)))('says what is on the queue %s', (name) => {
    expect(isNamed(name)).toBe(true);
  });

  it('knows an alarm for each trigger, and for each queue that should be empty', () => {
    expect(alarms.length).toBe(11);
  });

  it('names every warning and error that a deployed function logs', () => {
    const sources = globSync('{services,packages}/*/src/**/*.ts', { cwd: root });
    const events = sources
      .filter((path) => !path.includes('.test.') && !path.includes('node_modules'))
      .flatMap((path) => [...read(path).matchAll(/\blog\??\.(?:warn|error)\(\s*'([^']+)'/g)])
      .map(([, event = '']) => event);
    expect(events.length).toBeGreaterThan(10);
    expect([...new Set(events)].filter((event) => !isNamed(event))).toEqual([]);
  });

  it('has only commands of this repository that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    const commands = [...page.matchAll(/npx\s+pnpm@12 run ([a-z:-]+)/g)].map(([, name = '']) => name);
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});
