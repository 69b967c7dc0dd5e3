import { readConfiguration, text } from '@posthorn/platform';

/** What the triggers are told by their environment. */
export const readTriggerConfiguration = (environment: NodeJS.ProcessEnv) =>
  readConfiguration({ stage: ['POSTHORN_STAGE', text] }, environment);
