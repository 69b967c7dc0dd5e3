import type { ApplicationStatus, SystemStatus } from '@posthorn/local-host/control';
import { duration } from './duration.ts';

/** Writes a status for people. */
export function statusText(status: SystemStatus, url: string, now: Date): string {
  const { health, startedAt, restarts, counts, failing, openBreakers, queues, fanOutBehindSeconds, applications } =
    status;
  const state = health.kind === 'healthy' ? 'accepts messages.' : `accepts no messages. ${health.reason}`;
  const ran = duration((now.getTime() - Date.parse(startedAt)) / 1_000);
  return [
    `Posthorn at ${url} ${state}`,
    `It has run for ${ran}, and was started again ${times(restarts)} before. The first three counts begin there.`,
    '',
    ...table([
      ['accepted', number(counts.accepted)],
      ['delivered', number(counts.delivered)],
      ['failed attempts', number(counts.failedAttempts)],
      ['failing', number(failing), 'deliveries that wait for their next attempt'],
      ['open breakers', number(openBreakers), 'endpoints that keep failing: their deliveries are held'],
      ...(queues ? queueRows(queues) : [['waiting', '?', 'the queues are at another endpoint']]),
      ['fan-out', fanOutBehindSeconds === 0 ? 'up to date' : `${duration(fanOutBehindSeconds)} behind`],
    ]),
    ...(applications ? ['', ...applicationLines(applications)] : []),
    ...(status.isPartial ? ['', 'Not everything that waits was read: some numbers are too low.'] : []),
  ].join('\n');
}

const times = (count: number): string => (count === 1 ? 'once' : `${number(count)} times`);

const queueRows = ({ waiting, inFlight, oldestWaitingSeconds, deadLetters }: NonNullable<SystemStatus['queues']>) => [
  [
    'waiting',
    number(waiting),
    ...(oldestWaitingSeconds === undefined ? [] : [`oldest for ${duration(oldestWaitingSeconds)}`]),
  ],
  ['being sent', number(inFlight)],
  ['dead letters', number(deadLetters)],
];

function applicationLines(applications: readonly ApplicationStatus[]): readonly string[] {
  if (applications.length === 0) return ['No application has sent anything since then, or has anything waiting.'];
  return table([
    ['application', 'accepted', 'delivered', 'failed attempts', 'failing', 'waiting', 'oldest'],
    ...applications.map(({ id, accepted, delivered, failedAttempts, failing, waiting, oldestWaitingSeconds }) => [
      id,
      ...[accepted, delivered, failedAttempts, failing, waiting].map(number),
      oldestWaitingSeconds === undefined ? '' : duration(oldestWaitingSeconds),
    ]),
  ]);
}

/** Columns that are as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const width = (column: number) => Math.max(...rows.map((row) => (row[column] ?? '').length));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(width(column))))
      .join('  ')
      .trimEnd(),
  );
}

const number = (value: number): string => value.toLocaleString('en-US');
