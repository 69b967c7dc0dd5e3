import { hash } from 'node:crypto';
import { begunAgain, type Delivery } from '../delivery/delivery.ts';
import { createId, idEntropyBytes } from '../identifier/identifier.ts';
import { isOpen, type MessageStanding } from './message-standing.ts';
import type { EndpointTask } from './task.ts';

type Ids = Pick<Delivery, 'organisationId' | 'applicationId' | 'messageId' | 'endpointId'>;

/**
 * The delivery with which a task sends a message again. It is the same each time that the task plans it, so that a slice
 * can be repeated. A delivery that has ended is begun again, with retries. Beside one that goes on, there is one attempt
 * more, as for a resend.
 */
export const taskDelivery = (
  { taskId, createdAt }: Pick<EndpointTask, 'taskId' | 'createdAt'>,
  ids: Ids,
  standing: MessageStanding,
): Delivery =>
  isOpen(standing)
    ? {
        organisationId: ids.organisationId,
        applicationId: ids.applicationId,
        messageId: ids.messageId,
        endpointId: ids.endpointId,
        attemptNumber: 1,
        scheduledAt: createdAt,
        trigger: 'manual',
        attemptId: createId('attempt', createdAt, entropyOf(`${taskId}.${ids.messageId}.${ids.endpointId}`)),
      }
    : begunAgain(ids, { last: standing.lastNumber, wasTried: standing.wasTried }, createdAt);

const entropyOf = (text: string): Uint8Array => hash('sha256', text, 'buffer').subarray(0, idEntropyBytes);
