import type { SeenEntry, SeenQueue, Selection } from './redrive.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** @example ageText(90) // => '1 min' */
export function ageText(seconds: number): string {
  if (seconds >= day) return `${Math.floor(seconds / day)} d`;
  if (seconds >= hour) return `${Math.floor(seconds / hour)} h`;
  if (seconds >= minute) return `${Math.floor(seconds / minute)} min`;
  return `${Math.max(0, Math.floor(seconds))} s`;
}

const ageOf = ({ entry }: SeenEntry, now: Date): number => (now.getTime() - entry.sentAt.getTime()) / 1_000;

const idsText = ({ plan }: SeenEntry): string =>
  Object.entries(plan.ids)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** The lines of one entry. */
function entryText(seen: SeenEntry, now: Date): string {
  const { entry, plan, redriven } = seen;
  const details = [
    `    reason: ${entry.reason ?? 'none: it was received too often'}`,
    ...(idsText(seen) === '' ? [] : [`    ${idsText(seen)}`]),
    ...(plan.kind === 'stays' ? [`    stays: ${plan.why}`] : []),
    ...(plan.kind === 'moves' && plan.note !== undefined ? [`    note: ${plan.note}`] : []),
    ...(redriven && plan.kind === 'moves' ? [`    redriven to ${plan.to}`] : []),
    ...(redriven && plan.kind === 'runs' ? ['    its records were run again'] : []),
  ];
  return [`  ${entry.id}  ${ageText(ageOf(seen, now))} old`, ...details].join('\n');
}

function queueText({ queue, entries, unseen }: SeenQueue, now: Date): string {
  const head = `${queue}: ${entries.length + unseen === 0 ? 'empty' : `${entries.length + unseen}`}`;
  const rest = unseen === 0 ? [] : [`  ${unseen} more: run this again to see them`];
  return [head, ...entries.map((seen) => entryText(seen, now)), ...rest].join('\n');
}

/** What a person reads. */
export function redriveText(queues: readonly SeenQueue[], selection: Selection, now: Date): string {
  const entries = queues.flatMap((one) => one.entries);
  const redriven = entries.filter((one) => one.redriven).length;
  const jobs = entries.filter(({ plan }) => plan.kind !== 'stays').length;
  const hint = jobs > 0 ? `: --all redrives the ${jobs} that are jobs or records, --id ID one of them` : '';
  const end =
    selection.kind === 'none'
      ? `${entries.length} dead letters${hint}.`
      : `${redriven} redriven, ${entries.length - redriven} left.`;
  return [...queues.map((one) => queueText(one, now)), '', end].join('\n');
}

/** What a program reads. */
export const redriveJson = (queues: readonly SeenQueue[], now: Date) => ({
  redriven: queues.flatMap((one) => one.entries).filter((one) => one.redriven).length,
  queues: queues.map(({ queue, entries, unseen }) => ({
    queue,
    unseen,
    entries: entries.map((seen) => ({
      id: seen.entry.id,
      reason: seen.entry.reason ?? null,
      sentAt: seen.entry.sentAt.toISOString(),
      ageSeconds: Math.round(ageOf(seen, now)),
      ...seen.plan.ids,
      ...(seen.entry.group !== undefined && { group: seen.entry.group }),
      redriven: seen.redriven,
      ...(seen.plan.kind === 'stays' && { stays: seen.plan.why }),
      ...(seen.plan.kind === 'moves' && { queue: seen.plan.to, note: seen.plan.note ?? null }),
    })),
  })),
});
