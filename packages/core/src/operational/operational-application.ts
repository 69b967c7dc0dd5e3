import { hash } from 'node:crypto';
import { createId, idEntropyBytes, lowestIdAt } from '../identifier/identifier.ts';

/** The lowest time that an id can have. No application was created then. */
const beforeAllIds = new Date(1_400_000_000_000);

/**
 * The id of the hidden application that carries an organisation's operational webhooks. It has no row: no list shows it,
 * and no token reaches it by its id.
 */
export const operationalApplicationIdOf = (organisationId: string): string =>
  createId(
    'application',
    beforeAllIds,
    hash('sha256', JSON.stringify(['operational-webhooks', organisationId]), 'buffer').subarray(0, idEntropyBytes),
  );

/** The time takes the first digits of an id. */
const digitsOfTime = 6;
const hiddenPrefix = lowestIdAt('application', beforeAllIds).slice(0, 'app_'.length + digitsOfTime);

/** Whether an application is the hidden one of an organisation. */
export const isOperationalApplicationId = (applicationId: string): boolean => applicationId.startsWith(hiddenPrefix);
