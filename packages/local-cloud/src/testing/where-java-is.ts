import { JavaMissing, requireJava } from '../stores/java.ts';

/**
 * Registers tests that run DynamoDB Local, where there is Java for it. Where not, it says so in one line that nobody
 * overlooks.
 *
 * @param what - that is not tested then
 */
export async function whereJavaIs(what: string, register: () => void): Promise<void> {
  try {
    await requireJava('java');
  } catch (error) {
    if (!(error instanceof JavaMissing)) throw error;
    process.stderr.write(`\n==> NOT TESTED HERE: ${what}. ${error.message}\n\n`);
    return;
  }
  register();
}
