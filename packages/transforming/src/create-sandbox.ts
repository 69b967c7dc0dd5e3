import variant from '@jitl/quickjs-singlefile-cjs-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSWASMModule } from 'quickjs-emscripten-core';
import { maxMemoryBytes } from './limits.ts';

/** QuickJS in a memory of a fixed size. */
export interface Sandbox {
  readonly quickJs: QuickJSWASMModule;
  /** Whether a run has asked for more memory than there is. After that, the sandbox must not be used for another run. */
  isFull(): boolean;
}

/** TypeScript knows WebAssembly as a part of browsers only. */
interface WithMemory {
  readonly WebAssembly: {
    readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => FixedMemory;
  };
}
interface FixedMemory {
  grow: () => never;
}

const pageBytes = 65_536;

/** What QuickJS itself takes: its stack and its data. */
const ownBytes = 5.5 * 1024 * 1024;

/**
 * The memory of WebAssembly is the limit. QuickJS has a limit of its own, but as WebAssembly it does not know how large
 * its allocations are, and would let its memory grow to 2 GiB.
 */
export async function createSandbox(): Promise<Sandbox> {
  const pages = (maxMemoryBytes + ownBytes) / pageBytes;
  const { Memory } = (globalThis as unknown as WithMemory).WebAssembly;
  const wasmMemory = new Memory({ initial: pages, maximum: pages });
  let isFull = false;
  // It could not grow anyway. QuickJS calls this when it has no room, and then throws an error in the tenant's code.
  wasmMemory.grow = () => {
    isFull = true;
    throw new RangeError('the memory of the sandbox is full');
  };
  const quickJs = await newQuickJSWASMModuleFromVariant(newVariant(variant.default, { wasmMemory }));
  return { quickJs, isFull: () => isFull };
}
