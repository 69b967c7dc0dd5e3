import { realisticBody } from '@posthorn/testing';
import { type Cpu, cpuNow, cpuSince } from './cpu.ts';
import { type BareHttp, measureBareHttp } from './measure-http.ts';
import { addCpu, measureStoreCalls, type StoreCalls, type StoreCallsOptions } from './measure-store-calls.ts';

/**
 * The least CPU that a message can cost on this machine at the moment: one bare POST in, one bare POST out, and the three
 * puts and four gets in the store. It shows how far the system is from it, also on a machine that others use too.
 */
export interface Floor {
  readonly http: BareHttp;
  readonly calls: StoreCalls;
  /** Three puts and four gets. */
  readonly store: Cpu;
  /** 1 KB of JSON, written and parsed. */
  readonly json: Cpu;
  /** Milliseconds for a message, with all threads. */
  readonly totalMs: number;
}

export async function measureFloor(options: StoreCallsOptions): Promise<Floor> {
  const http = await measureBareHttp();
  const calls = await measureStoreCalls(options);
  const { insertMessage, claimKey, recordAttempt, getMessage, getEndpoint, findAttempt } = calls;
  const gets = [getMessage, getEndpoint, getEndpoint, findAttempt];
  const store = addCpu([insertMessage, claimKey, recordAttempt, ...gets]);
  return { http, calls, store, json: measureJson(), totalMs: (http.in + http.out + store.all) / 1_000 };
}

function measureJson(): Cpu {
  const times = 100_000;
  let body: unknown = JSON.parse(realisticBody({ bytes: 900, seed: 1 }));
  const start = cpuNow();
  for (let count = 0; count < times; count += 1) body = JSON.parse(JSON.stringify(body));
  return cpuSince(start, times);
}
