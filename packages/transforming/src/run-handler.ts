import type { Transformed, TransformRequest } from '@posthorn/core';
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import type { Sandbox } from './create-sandbox.ts';
import { handlerProgram } from './handler-program.ts';
import { maxCpuMs, outOfMemory } from './limits.ts';
import { readResult } from './read-result.ts';

/**
 * Some 700 calls of functions, or 8,000 arrays in each other. Work that QuickJS does without a look at the limit of CPU can
 * take the square of it, and `threadOptions` must have room for it.
 */
const maxStackBytes = 128 * 1024;
const maxReasonLength = 500;
/** A part of it may be hidden. */
const maxReasonRead = 10_000;

export interface RunHandlerDeps {
  readonly sandbox: Sandbox;
  /** The CPU that this thread has used, in milliseconds. */
  readonly cpuMs: () => number;
}

/** How a run ended. */
export interface RunEnd {
  readonly result: Transformed;
  /** The run has harmed the sandbox, or filled its memory. It must not be used for another run. */
  readonly isSpent: boolean;
}

/**
 * Runs a tenant's code once, in a runtime of its own that has no clock of the host, no network, no files, and nothing of
 * another run. Blocks its thread for up to the time limit.
 */
export function runHandler(
  { sandbox, cpuMs }: RunHandlerDeps,
  request: Omit<TransformRequest, 'organisationId' | 'applicationId'>,
): RunEnd {
  const until = cpuMs() + maxCpuMs;
  let isOver = false;
  let result: Transformed | undefined;
  try {
    const runtime = sandbox.quickJs.newRuntime({
      maxStackSizeBytes: maxStackBytes,
      interruptHandler: () => {
        isOver ||= cpuMs() > until;
        return isOver;
      },
    });
    const context = runtime.newContext();
    const ended = evaluate(context, request);
    if (isOver || cpuMs() > until) result = outOfTime;
    else if (typeof ended === 'string') result = readResult(ended, request.webhook);
    else result = sandbox.isFull() ? outOfMemory : toShow(ended, request.variables);
    // Fails if QuickJS has lost some of the run's values. The run's result is right all the same.
    context.dispose();
    runtime.dispose();
    return { result, isSpent: sandbox.isFull() };
  } catch (error) {
    if (!isOfSandbox(error)) throw error;
    return { result: result ?? harmed, isSpent: true };
  }
}

const outOfTime: Transformed = { kind: 'failed', reason: `the transformation used more than ${maxCpuMs} ms of CPU` };
const harmed: Transformed = {
  kind: 'failed',
  reason: 'the transformation failed: its calls or its values are nested too deep',
};

/** Values that are shorter are no credentials, and are parts of other words. */
const shortestHidden = 6;

/** Variables can be credentials, and whoever may read attempts reads the reason. */
function toShow(ended: Transformed, variables: Readonly<Record<string, string>>): Transformed {
  if (ended.kind !== 'failed') return ended;
  const hidden = Object.entries(variables)
    .filter(([, value]) => value.length >= shortestHidden)
    .toSorted(([, one], [, other]) => other.length - one.length);
  const words = ended.reason.slice(0, maxReasonRead);
  const reason = hidden.reduce((text, [name, value]) => text.replaceAll(value, () => `[${name}]`), words);
  return { kind: 'failed', reason: reason.slice(0, maxReasonLength) };
}

/** Whether WebAssembly has failed, or has used up the stack of its thread. Only a tenant's code can bring that about. */
const isOfSandbox = (error: unknown): boolean => {
  const { name } = error as Partial<Error>;
  return name === 'RuntimeError' || name === 'RangeError';
};

/** Returns what the program evaluated to, or how it failed. */
function evaluate(
  context: QuickJSContext,
  { code, variables, webhook }: Omit<TransformRequest, 'organisationId' | 'applicationId'>,
): string | Transformed {
  const { body, ...rest } = webhook;
  setGlobal(context, '$payload', body);
  setGlobal(context, '$input', JSON.stringify({ ...rest, cancel: false }));
  setGlobal(context, '$variables', JSON.stringify(variables));
  // It can end at the limit of CPU, or of memory, as the code can.
  const prepared = context.evalCode('var variables = JSON.parse($variables)');
  if (prepared.error) return failed(context, prepared.error);
  prepared.value.dispose();
  const declared = context.evalCode(code, 'transformation.js');
  if (declared.error) return failed(context, declared.error);
  declared.value.dispose();
  const called = context.evalCode(handlerProgram, 'posthorn.js');
  if (called.error) return failed(context, called.error);
  return settle(context, called.value);
}

function setGlobal(context: QuickJSContext, name: string, value: string): void {
  const text = context.newString(value);
  context.setProp(context.global, name, text);
  text.dispose();
}

/** An async handler is awaited as long as it has something to do. */
function settle(context: QuickJSContext, returned: QuickJSHandle): string | Transformed {
  const jobs = context.runtime.executePendingJobs();
  if (jobs.error) {
    returned.dispose();
    return failed(context, jobs.error);
  }
  jobs.dispose();
  const state = context.getPromiseState(returned);
  if (state.type === 'pending') {
    returned.dispose();
    return { kind: 'failed', reason: 'the transformation waits for something that never happens' };
  }
  if (state.type === 'rejected') {
    returned.dispose();
    return failed(context, state.error);
  }
  const text = context.getString(state.value);
  if (state.value !== returned) state.value.dispose();
  returned.dispose();
  return text;
}

/** The error in the words of the code that threw it, which may be any value. */
function failed(context: QuickJSContext, error: QuickJSHandle): Transformed {
  const reason = toReason(context.dump(error));
  if (error.alive) error.dispose();
  return { kind: 'failed', reason: `the transformation failed: ${reason}` };
}

const noReason = 'no reason given';

/** Reads texts and numbers only: turning another value into a text can fail. */
function toReason(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return typeof thrown === 'symbol' ? noReason : String(thrown);
  const { name, message, lineNumber } = thrown as Readonly<Record<string, unknown>>;
  const place = typeof lineNumber === 'number' ? ` (line ${lineNumber})` : '';
  return `${typeof name === 'string' ? `${name}: ` : ''}${typeof message === 'string' ? message : noReason}${place}`;
}
