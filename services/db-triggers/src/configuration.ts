import { readConfiguration, text } from '@posthorn/platform';

/** The triggers' configuration, from their environment. */
export const readTriggerConfiguration = (environment: NodeJS.ProcessEnv) =>
  readConfiguration({ stage: ['POSTHORN_STAGE', text] }, environment);
