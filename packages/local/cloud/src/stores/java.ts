import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const lowestJavaVersion = 17;

/** There is no Java on the PATH, or it is too old. */
export class JavaMissing extends Error {
  constructor(found: string, options?: ErrorOptions) {
    super(
      `Java ${lowestJavaVersion} or later is needed for DynamoDB Local: install it ` +
        `(apt install openjdk-17-jre-headless, brew install openjdk@17, https://adoptium.net). ${found}`,
      options,
    );
    this.name = 'JavaMissing';
  }
}

/** Returns the feature release from the output of `java -version`: 8 for "1.8.0_402", 17 for "17.0.15". */
export function javaVersionIn(output: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(output) ?? [];
  if (first === undefined) return undefined;
  return first === '1' && second !== undefined ? Number(second) : Number(first);
}

/** @throws JavaMissing if `java` cannot be run or is older than 17 */
export async function requireJava(java: string): Promise<void> {
  const output = await readVersion(java);
  const version = javaVersionIn(output);
  if (version === undefined) throw new JavaMissing(`"${java} -version" printed no version: ${output.slice(0, 200)}`);
  if (version < lowestJavaVersion) throw new JavaMissing(`"${java}" is version ${version}.`);
}

/** Returns why the Java on the PATH cannot run DynamoDB Local, or nothing if it can. */
export async function findJavaProblem(): Promise<string | undefined> {
  try {
    await requireJava('java');
    return undefined;
  } catch (error) {
    if (error instanceof JavaMissing) return error.message;
    throw error;
  }
}

async function readVersion(java: string): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(java, ['-version']);
    return stderr + stdout;
  } catch (error) {
    throw new JavaMissing(`"${java}" could not be run.`, { cause: error });
  }
}
