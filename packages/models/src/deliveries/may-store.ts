import type { StoredDelivery } from '@posthorn/core';
import type { RowCondition } from '../rows/placeholders.ts';
import { endedPartitions } from './delivery-row.ts';

/** The condition under which a delivery may be stored over what is stored already (`DeliveryRepository.put`). */
export const mayStore =
  (stored: StoredDelivery): RowCondition =>
  (placeholders) => {
    const { name, value } = placeholders;
    const absent = `attribute_not_exists(${name('line')})`;
    const number = value(stored.delivery.attemptNumber);
    const ended = () => `${name('state')} IN (${endedPartitions(stored.delivery).map(value).join(', ')})`;
    const setAside = () => `${name('reason')} = ${value('set_aside')}`;
    switch (kindOf(stored)) {
      case 'follow-up':
        return `${absent} OR ${name('number')} < ${number} OR (${name('number')} = ${number} AND ${setAside()})`;
      case 'of-attempt':
        return [
          absent,
          `${name('number')} < ${number}`,
          `(${name('number')} = ${number} AND (NOT ${ended()} OR ${setAside()}))`,
        ].join(' OR ');
      case 'end-of-attempt':
        return `${absent} OR ${name('number')} <= ${number}`;
    }
  };

/** What a delivery is stored by: the record of the attempt before, a job of this attempt, or this attempt's record. */
function kindOf({ state, reason }: StoredDelivery): 'follow-up' | 'of-attempt' | 'end-of-attempt' {
  if (state === 'failed') return reason === 'set_aside' ? 'of-attempt' : 'end-of-attempt';
  return state === 'planned' && reason === 'retry' ? 'follow-up' : 'of-attempt';
}
