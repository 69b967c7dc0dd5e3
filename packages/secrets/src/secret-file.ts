import { readFile } from 'node:fs/promises';
import { dataKeyBytes } from './sealing.ts';

/** Reads a secret (base64) from a file that only its owner should be able to read. */
export async function readSecretFile(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new Error(`the secret file ${path} cannot be read`, { cause: error });
  }
}

/** Loads a value once and keeps it. After a failure it loads again. */
export function once<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loaded: Promise<Value> | undefined;
  return () => {
    const value = loaded ?? load();
    loaded = value;
    value.catch(() => {
      loaded = undefined;
    });
    return value;
  };
}

/** Reads the master key from its file at the first use. @returns 32 bytes */
export const readMasterKey = (path: string): (() => Promise<Uint8Array>) =>
  once(async () => {
    const key = Buffer.from(await readSecretFile(path), 'base64');
    if (key.length !== dataKeyBytes)
      throw new Error(`the master key in ${path} must be ${dataKeyBytes} bytes in base64`);
    return key;
  });
