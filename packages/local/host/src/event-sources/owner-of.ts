import { ownerOfJob } from '@posthorn/contracts';
import type { Owner } from './shares.ts';

/** Jobs whose text is no delivery. They are set aside at once, so they share one place. */
const unknown: Owner = { application: '', endpoint: '' };

/** The application and the endpoint of a job on a deliveries queue. */
export function ownerOf(body: string): Owner {
  const owner = ownerOfJob(body);
  return owner ? { application: owner.applicationId, endpoint: owner.endpointId } : unknown;
}
