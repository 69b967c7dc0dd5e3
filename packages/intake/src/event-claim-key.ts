export { eventClaimKey } from '@posthorn/core/message/event-claim-key';
