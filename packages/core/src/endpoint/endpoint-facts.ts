import type { RowChange } from '../batch/row-change.ts';
import type { Endpoint } from './endpoint.ts';

/** What happened to an endpoint. */
export type EndpointFact = Pick<Endpoint, 'organisationId' | 'applicationId' | 'endpointId' | 'uid'> & {
  /** When the row was changed, to about a second. */
  readonly at: Date;
} & (
    | { readonly kind: 'created' | 'enabled' | 'deleted' }
    /**
     * `failSince`: its attempts have failed since then. Absent if the last one succeeded. `trigger`: whether a request
     * disabled it, or Posthorn did, because of what it answered.
     */
    | { readonly kind: 'disabled'; readonly failSince?: Date; readonly trigger: 'manual' | 'automatic' }
    /** The names of the fields with another value. Sealed fields may have the same value, sealed again. */
    | { readonly kind: 'updated'; readonly fields: readonly EndpointField[] }
  );

/** The fields of an endpoint that an update can change, without the one that enables and disables it. */
const endpointFields = [
  'uid',
  'url',
  'description',
  'eventTypes',
  'channels',
  'throttleRate',
  'metadata',
  'retrySchedule',
  'sealedHeaders',
  'secrets',
  'order',
  'transformation',
] as const satisfies readonly (keyof Endpoint)[];
type EndpointField = (typeof endpointFields)[number];

/**
 * The facts in a change of an endpoint's row, in the order in which they should be told. An update that changes nothing
 * but its own revision and time is no fact.
 */
export function endpointFactsOf(change: RowChange<Endpoint>): readonly EndpointFact[] {
  const { organisationId, applicationId, endpointId, uid } = change.kind === 'removed' ? change.old : change.new;
  const about = { organisationId, applicationId, endpointId, ...(uid !== undefined && { uid }), at: change.changedAt };
  switch (change.kind) {
    case 'inserted':
      return [{ ...about, kind: 'created' }];
    case 'removed':
      return [{ ...about, kind: 'deleted' }];
    case 'updated': {
      const fields = endpointFields.filter((field) => !isSame(change.old[field], change.new[field]));
      return [
        ...(fields.length > 0 ? [{ ...about, kind: 'updated', fields } as const] : []),
        ...(change.old.disabled === change.new.disabled
          ? []
          : [change.new.disabled ? toDisabled(about, change.new) : ({ ...about, kind: 'enabled' } as const)]),
      ];
    }
  }
}

const toDisabled = (
  about: Pick<EndpointFact, 'organisationId' | 'applicationId' | 'endpointId' | 'uid' | 'at'>,
  { health, autoDisabled }: Endpoint,
): EndpointFact => ({
  ...about,
  kind: 'disabled',
  trigger: autoDisabled ? 'automatic' : 'manual',
  ...(health?.failingSince && { failSince: health.failingSince }),
});

/** Compares fields of an endpoint. They are JSON, but for dates, which become text. */
const isSame = (one: unknown, other: unknown): boolean => canonicalText(one) === canonicalText(other);

/** JSON with sorted members: a map that was written in another order is the same map. */
const canonicalText = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
