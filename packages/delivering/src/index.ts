export type { AttemptDeps } from './attempt-deps.ts';
export type { AttemptDelivery } from './attempt-report.ts';
export type { ContinueDelivery } from './continue-delivery.ts';
export { createContinueDelivery } from './continue-delivery.ts';
export { createFindRetrySchedule } from './find-retry-schedule.ts';
export { createMakeAttempt } from './make-attempt.ts';
export type { MayAttempt } from './may-attempt.ts';
export { alwaysGo } from './may-attempt.ts';
export { createSendMessage } from './send-message.ts';
