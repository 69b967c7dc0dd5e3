import { jsonContentType } from '@posthorn/core';
import type { ChangeEvent } from './plan-events.ts';
import type { ChangeSource } from './source.ts';

/** The message of an event, but for its id: intake derives it from the event's identity and the time of the change. */
export const toMessage = (event: ChangeEvent, { organisationId, autoCreate }: ChangeSource) => {
  const { application, eventType, body, orderingKey, channels, tags } = event;
  const message = { eventType, body, contentType: jsonContentType, orderingKey, channels, tags };
  return { organisationId, application, autoCreate, message };
};

/** Why an event is set aside whose application does not exist. The value of an attribute is data, so it is not shown. */
export const missingApplication = ({ name, application }: ChangeSource): string => {
  const which =
    'constant' in application ? `application ${application.constant}` : 'application with the id or uid of the item';
  return `source ${name}: there is no ${which}. Create it, or set auto_create`;
};
