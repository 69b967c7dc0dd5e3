import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const program = join(import.meta.dirname, '../../emulator/serve.py');

/** moto uses this account for access keys that its IAM does not know. */
export const emulatorAccount = '123456789012';
export const emulatorRegion = 'us-east-1';

/** moto's server in its own process. */
export interface Emulator {
  readonly url: string;
  /** Resource types that were requested and that its CloudFormation does not have. */
  readonly unsupported: ReadonlySet<string>;
  stop(): Promise<void>;
}

/** Starts the emulator on a free port of loopback. It starts empty, and loses everything when it stops. */
export async function startEmulator(python: string): Promise<Emulator> {
  const unsupported = new Set<string>();
  const child = spawn(python, [program, '0'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const errors: string[] = [];
  createInterface(child.stderr).on('line', (line) => {
    const [, type] = /No Moto CloudFormation support for (\S+)/.exec(line) ?? [];
    if (type === undefined) errors.push(line);
    else unsupported.add(type);
  });
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const [, number] = /^ready (\d+)$/.exec(line) ?? [];
      if (number !== undefined) resolve(number);
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the emulator ended with ${code}: ${errors.slice(-5).join('\n')}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    unsupported,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
