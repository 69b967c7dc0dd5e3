import type { Delivery } from '../delivery.ts';

const prefix = 'aside_';

/**
 * The group, on the FIFO queues, of deliveries to an endpoint whose own groups are not known: the endpoint or the message
 * could not be read. It keeps their order. When they are put back, each one is sent on into its group.
 */
export const unplacedGroupOf = ({ endpointId }: Pick<Delivery, 'endpointId'>): string => `${prefix}${endpointId}`;

export const isUnplacedGroup = (group: string): boolean => group.startsWith(prefix);

/**
 * Whether a delivery is made in the group of its destination. One that someone asked for, or that a task has begun again,
 * is made beside the groups.
 */
export const isMadeInGroup = ({ trigger, retriesFrom }: Pick<Delivery, 'trigger' | 'retriesFrom'>): boolean =>
  trigger === 'scheduled' && retriesFrom === undefined;
