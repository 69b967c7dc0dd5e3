import type { MissingMessage, OverdueDelivery, Progress } from './reconcile.ts';

const lineOf = ({ applicationId, messageId, endpointId, acceptedAt, why }: MissingMessage): string =>
  `${acceptedAt.toISOString()}  ${applicationId}  ${messageId}  ${endpointId}${why === undefined ? '' : `\n  ${why}`}`;

const overdueLineOf = ({ applicationId, messageId, endpointId, attemptNumber, dueAt }: OverdueDelivery): string =>
  `${dueAt.toISOString()}  ${applicationId}  ${messageId}  ${endpointId}  attempt ${attemptNumber}`;

/** What a person reads. */
export function reconcileText({ applications, messages, missing, overdue }: Progress, isDryRun: boolean): string {
  const planned = missing.filter(({ why }) => why === undefined);
  const listed = missing.filter(({ why }) => why !== undefined);
  const section = (head: string, lines: readonly string[]) => (lines.length === 0 ? [] : [`${head}:`, ...lines, '']);
  const again = isDryRun ? 'Would be planned again' : 'Planned again';
  return [
    ...section(again, planned.map(lineOf)),
    ...section(`${again}: stored, but due for more than an hour`, overdue.map(overdueLineOf)),
    ...section('Not planned: decide yourself', listed.map(lineOf)),
    `${messages} messages of ${applications} applications: ${planned.length + overdue.length} deliveries ` +
      `${isDryRun ? 'would be' : 'were'} planned again, ${listed.length} are listed.`,
  ].join('\n');
}

/** What a program reads. */
export const reconcileJson = ({ applications, messages, missing, overdue }: Progress, isDryRun: boolean) => ({
  applications,
  messages,
  planned: isDryRun ? 0 : missing.filter(({ why }) => why === undefined).length + overdue.length,
  missing: missing.map(({ acceptedAt, why, ...ids }) => ({
    ...ids,
    acceptedAt: acceptedAt.toISOString(),
    planned: !isDryRun && why === undefined,
    ...(why !== undefined && { why }),
  })),
  overdue: overdue.map(({ dueAt, ...ids }) => ({ ...ids, dueAt: dueAt.toISOString(), planned: !isDryRun })),
});

/** The exit code: 2 if something is missing that was not planned again. */
export const exitCodeOf = ({ missing, overdue }: Progress, isDryRun: boolean): number =>
  missing.some(({ why }) => isDryRun || why !== undefined) || (isDryRun && overdue.length > 0) ? 2 : 0;
