import { logicalName } from './cloudformation.ts';

/**
 * The key of a function in serverless.yml, from its folder.
 *
 * @example functionKey('post-message') // => 'postMessage'
 */
export const functionKey = (folder: string): string => {
  const pascal = logicalName(folder);
  return `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`;
};

/** The name of the deployed function, as Serverless builds it. */
export const functionName = (service: string, stage: string, folder: string): string =>
  `${service}-${stage}-${functionKey(folder)}`;

/** The logical id of a function's role: the value of `role:` in serverless.yml. */
export const roleLogicalId = (folder: string): string => `${logicalName(folder)}Role`;

/** The logical id that Serverless gives to a function. */
export const functionLogicalId = (folder: string): string => `${logicalName(folder)}LambdaFunction`;

/** The logical id that Serverless gives to the log group of a function. */
export const logGroupLogicalId = (folder: string): string => `${logicalName(folder)}LogGroup`;
