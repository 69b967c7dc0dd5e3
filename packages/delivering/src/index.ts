export type { AttemptDeps, SendRequest } from './attempt-deps.ts';
export type { AttemptDelivery, AttemptReport, NothingToSend } from './attempt-report.ts';
export { createContinueDelivery } from './continue-delivery.ts';
export { createMakeAttempt } from './make-attempt.ts';
export type { SendMessageDeps } from './send-message.ts';
export { createSendMessage } from './send-message.ts';
