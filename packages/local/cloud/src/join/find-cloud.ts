import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { isJsonObject } from '@posthorn/local-event-sources';
import type { CloudDescription } from './description.ts';

/** Returns the description of a cloud that runs, or nothing: no file, or the file of a cloud that has ended. */
export async function findCloud(path: string): Promise<CloudDescription | undefined> {
  const cloud = toDescription(await readFile(path, 'utf8').catch(() => ''));
  if (cloud === undefined) return undefined;
  const answers = await Promise.all([cloud.dynamodb, cloud.sqs].map(isListening));
  return answers.every(Boolean) ? cloud : undefined;
}

const texts = ['stage', 'region', 'accessKeyId', 'secretAccessKey', 'dynamodb', 'sqs'];

/** Returns nothing for a text that does not describe a cloud, such as one of an older version. */
export function toDescription(text: string): CloudDescription | undefined {
  const value = parse(text);
  if (!isJsonObject(value) || texts.some((name) => typeof value[name] !== 'string')) return undefined;
  // The other fields are optional, and written by the same program.
  return value as unknown as CloudDescription;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isListening(endpoint: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(endpoint);
  return new Promise((resolve) => {
    const socket = connect(Number(port) || (protocol === 'https:' ? 443 : 80), hostname.replace(/^\[|\]$/g, ''));
    const answer = (listens: boolean) => {
      socket.destroy();
      resolve(listens);
    };
    socket.setTimeout(patienceMs, () => answer(false));
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}

/** On one machine, a port that has not accepted a connection by then belongs to a process that is stopped. */
const patienceMs = 2_000;
