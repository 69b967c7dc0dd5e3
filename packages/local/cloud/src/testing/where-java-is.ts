import { findJavaProblem } from '../stores/java.ts';

/**
 * Registers tests of DynamoDB Local if Java is installed. Otherwise it prints one line that is hard to miss.
 *
 * @param what - what is not tested without Java
 */
export async function whereJavaIs(what: string, register: () => void): Promise<void> {
  const problem = await findJavaProblem();
  if (problem === undefined) register();
  else process.stderr.write(`\n==> NOT TESTED HERE: ${what}. ${problem}\n\n`);
}
