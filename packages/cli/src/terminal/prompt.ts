import { Writable } from 'node:stream';
import { CliError } from '../exit/cli-error.ts';
import type { Io } from './io.ts';

/** True if a person can be asked: they see the question, and type the answer. */
export const canAsk = ({ isTerminal }: Pick<Io, 'isTerminal'>): boolean => isTerminal.stdin && isTerminal.stderr;

/** Asks on stderr, and returns the line that was typed. @throws CliError `interrupted` after Ctrl-C or Ctrl-D */
export const askLine = (io: Io, question: string): Promise<string> => ask(io, question, io.stderr);

/** Asks for a secret: what is typed is not shown. @throws CliError `interrupted` after Ctrl-C or Ctrl-D */
export async function askSecret(io: Io, question: string): Promise<string> {
  io.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await ask(io, '', nowhere);
  } finally {
    io.stderr.write('\n');
  }
}

async function ask({ stdin, stop }: Io, question: string, output: Writable): Promise<string> {
  const { createInterface } = await import('node:readline');
  // It reads key by key and echoes itself, so that nothing is shown if its output goes nowhere.
  const lines = createInterface({ input: stdin, output, terminal: true, historySize: 0 });
  const end = () => lines.close();
  stop.addEventListener('abort', end, { once: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('close', () => reject(new CliError('interrupted', 'Nothing was typed')));
      lines.question(question, resolve);
    });
  } finally {
    stop.removeEventListener('abort', end);
    lines.close();
  }
}
