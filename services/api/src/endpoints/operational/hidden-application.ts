import { type Application, operationalApplicationIdOf } from '@posthorn/core';
import type { EventTypeNames } from '../check-event-types.ts';

/** The application that an organisation's operational endpoints belong to. It has no row. */
export const hiddenApplicationOf = ({
  organisationId,
}: Pick<Application, 'organisationId'>): Pick<Application, 'organisationId' | 'applicationId'> => ({
  organisationId,
  applicationId: operationalApplicationIdOf(organisationId),
});

/** The event types of operational endpoints are not those of the organisation. The contract has checked them. */
export const operationalTypes: EventTypeNames = {
  findAll: async (_, names) => names.map((name) => ({ name, archived: false, featureFlags: [] })),
};
