import type { MissingMessage, Progress } from './reconcile.ts';

const lineOf = ({ applicationId, messageId, endpointId, acceptedAt, why }: MissingMessage): string =>
  `${acceptedAt.toISOString()}  ${applicationId}  ${messageId}  ${endpointId}${why === undefined ? '' : `\n  ${why}`}`;

/** What a person reads. */
export function reconcileText({ applications, messages, missing }: Progress, isDryRun: boolean): string {
  const planned = missing.filter(({ why }) => why === undefined);
  const listed = missing.filter(({ why }) => why !== undefined);
  const section = (head: string, some: readonly MissingMessage[]) =>
    some.length === 0 ? [] : [`${head}:`, ...some.map(lineOf), ''];
  return [
    ...section(isDryRun ? 'Would be planned again' : 'Planned again', planned),
    ...section('Not planned: decide yourself', listed),
    `${messages} messages of ${applications} applications: ${planned.length} deliveries ` +
      `${isDryRun ? 'would be' : 'were'} planned again, ${listed.length} are listed.`,
  ].join('\n');
}

/** What a program reads. */
export const reconcileJson = ({ applications, messages, missing }: Progress, isDryRun: boolean) => ({
  applications,
  messages,
  planned: isDryRun ? 0 : missing.filter(({ why }) => why === undefined).length,
  missing: missing.map(({ acceptedAt, why, ...ids }) => ({
    ...ids,
    acceptedAt: acceptedAt.toISOString(),
    planned: !isDryRun && why === undefined,
    ...(why !== undefined && { why }),
  })),
});

/** The exit code: 2 if something is missing that was not planned again. */
export const exitCodeOf = ({ missing }: Progress, isDryRun: boolean): number =>
  missing.some(({ why }) => isDryRun || why !== undefined) ? 2 : 0;
