import { findJavaProblem } from '../stores/java.ts';

/**
 * Registers tests that run DynamoDB Local, where there is Java for it. Where not, it says so in one line that nobody
 * overlooks.
 *
 * @param what - that is not tested then
 */
export async function whereJavaIs(what: string, register: () => void): Promise<void> {
  const problem = await findJavaProblem();
  if (problem === undefined) register();
  else process.stderr.write(`\n==> NOT TESTED HERE: ${what}. ${problem}\n\n`);
}
