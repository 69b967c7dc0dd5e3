import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DeployedFunction } from '../stacks/read-installation.ts';

/** One instance of a deployed function. It handles one event at a time, as Lambda’s do. */
export interface FunctionProcess {
  /** @throws FunctionFailed when the handler throws, or does not answer within the function’s time limit */
  invoke(event: object): Promise<unknown>;
  /** Lines that it wrote. */
  readonly output: readonly string[];
  stop(): Promise<void>;
}

/** An invocation that Lambda would report as an error. */
export class FunctionFailed extends Error {
  constructor(functionName: string, problem: string) {
    super(`${functionName}: ${problem}`);
    this.name = 'FunctionFailed';
  }
}

export interface Place {
  readonly endpointUrl: string;
  readonly region: string;
  /** The function’s clock is ahead by this. */
  readonly aheadMs?: number;
}

type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string };

/** Starts an instance. Its environment is the deployed one and Lambda’s own variables, and nothing of this process. */
export async function startFunction(deployed: DeployedFunction, place: Place): Promise<FunctionProcess> {
  const output: string[] = [];
  const child = fork(join(import.meta.dirname, 'runtime.ts'), [deployed.handler, String(place.aheadMs ?? 0)], {
    cwd: deployed.folder,
    env: { ...deployed.environment, ...lambdaEnvironment(deployed, place) },
    execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${deployed.memoryMb}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.on('data', (text) => output.push(String(text)));
  child.stderr?.on('data', (text) => output.push(String(text)));
  const ended = once(child, 'exit');
  const died = ended.then(() => Promise.reject(new FunctionFailed(deployed.name, `ended: ${output.join('')}`)));
  died.catch(() => undefined);
  await Promise.race([once(child, 'message'), died]);

  let last: Promise<unknown> = Promise.resolve();
  let id = 0;
  const run = async (event: object): Promise<unknown> => {
    id += 1;
    const own = id;
    const timeoutMs = deployed.timeoutSeconds * 1_000;
    const answered = new Promise<Answer>((resolve) => {
      const listen = (answer: Answer) => {
        if (answer.id !== own) return;
        child.off('message', listen);
        resolve(answer);
      };
      child.on('message', listen);
    });
    child.send({ id: own, event, timeoutMs });
    const { error, result } = await Promise.race([answered, died, outOfTime(deployed, timeoutMs)]);
    if (error !== undefined) throw new FunctionFailed(deployed.name, error);
    return result;
  };
  return {
    output,
    invoke: (event) => {
      last = last.then(
        () => run(event),
        () => run(event),
      );
      return last;
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The timer does not keep the process alive. */
const outOfTime = ({ name }: DeployedFunction, timeoutMs: number): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new FunctionFailed(name, `timed out after ${timeoutMs} ms`)), timeoutMs).unref();
  });

/** Variables that Lambda sets. The access key id tells the guard which function calls. */
const lambdaEnvironment = (deployed: DeployedFunction, { endpointUrl, region }: Place) => ({
  TZ: ':UTC',
  PATH: process.env.PATH ?? '',
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: deployed.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(deployed.memoryMb),
  LAMBDA_TASK_ROOT: deployed.folder,
  AWS_ACCESS_KEY_ID: deployed.name,
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'session',
  AWS_ENDPOINT_URL: endpointUrl,
});
