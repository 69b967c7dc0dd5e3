import type { Transformed } from '@posthorn/core';
import { threadCpuMs } from '@posthorn/threads/thread-messages';
import { createSandbox, type Sandbox } from './create-sandbox.ts';
import { maxCpuMs } from './limits.ts';
import { runHandler } from './run-handler.ts';

const webhook = {
  method: 'POST',
  url: 'https://example.com/hooks',
  body: '{ "b": 1,  "total":12345678901234567890 }',
  eventType: 'order.paid',
  headers: { 'X-Tenant': 'acme' },
};
let sandbox: Sandbox;
let isSpent = true;
beforeEach(async () => {
  if (isSpent) sandbox = await createSandbox();
  isSpent = false;
});

interface Change {
  readonly body?: string;
  readonly variables?: Record<string, string>;
  readonly cpuMs?: () => number;
}

/** The clock of CPU stands still, so that a slow machine ends no run. Only tests of that limit use a real one. */
function run(code: string, { body, variables = {}, cpuMs = () => 0 }: Change = {}): Transformed {
  const request = { code, variables, webhook: { ...webhook, ...(body !== undefined && { body }) } };
  const end = runHandler({ sandbox, cpuMs }, request);
  isSpent ||= end.isSpent;
  return end.result;
}
const reasonOf = (code: string, change?: Change): string => {
  const result = run(code, change);
  return result.kind === 'failed' ? result.reason : result.kind;
};

describe('a transformation', () => {
  it('leaves the bytes of a payload that it does not change', () => {
    const { eventType: _, ...same } = webhook;
    expect(run('function handler(webhook) { return webhook }')).toEqual({ kind: 'changed', ...same });
  });

  it('changes method, url, payload and headers', () => {
    const code = `const handler = (webhook) => {
      webhook.method = 'PUT';
      webhook.url += '/' + webhook.eventType + '/' + variables.region;
      webhook.payload = { text: 'b is ' + webhook.payload.b };
      webhook.headers['X-More'] = '1';
      return webhook;
    }`;
    expect(run(code, { variables: { region: 'eu' } })).toEqual({
      kind: 'changed',
      method: 'PUT',
      url: 'https://example.com/hooks/order.paid/eu',
      body: '{"text":"b is 1"}',
      headers: { 'X-Tenant': 'acme', 'X-More': '1' },
    });
  });

  it('cancels', () => {
    expect(run('function handler(webhook) { webhook.cancel = true; return webhook }')).toEqual({ kind: 'canceled' });
  });

  it('may be async, as long as it has something to do', () => {
    expect(run('async function handler(w) { await null; return { ...w, payload: 1 } }')).toMatchObject({ body: '1' });
    expect(reasonOf('async function handler(w) { await new Promise(() => {}) }')).toContain('never happens');
    expect(reasonOf('async function handler() { await null; throw new Error("late") }')).toContain('Error: late');
  });

  it('takes a body for a payload, and never for more', () => {
    const cancel = 'function handler(webhook) { return webhook }';
    expect(run(cancel, { body: '{}, "cancel": true' })).toMatchObject({ kind: 'failed' });
    expect(run(cancel, { body: 'null' })).toMatchObject({ kind: 'changed', body: 'null' });
  });
});

describe('a transformation that fails', () => {
  it.each([
    ['has no handler', 'const x = 1', 'no function named handler'],
    ['does not parse', 'function handler( {', 'SyntaxError'],
    ['throws', 'function handler() { throw new TypeError("no such customer") }', 'TypeError: no such customer'],
    ['throws something else', 'function handler() { throw 7 }', '7'],
    ['returns nothing', 'function handler() {}', 'must return the webhook'],
    ['returns no payload', 'function handler(w) { return { ...w, payload: undefined } }', 'with a payload'],
    ['returns a circle', 'function handler(w) { w.payload.self = w.payload; return w }', 'TypeError'],
    ['gives another method', 'function handler(w) { w.method = "GET"; return w }', 'method must be one of'],
    ['gives a url that is none', 'function handler(w) { w.url = 7; return w }', 'url must be a text'],
    ['gives headers that are none', 'function handler(w) { w.headers = { a: 1 }; return w }', 'headers must be'],
    ['replaces JSON', 'JSON.stringify = () => 7; function handler(w) { return w }', 'failed'],
    ['is too deep', 'function handler(w) { return handler(w) }', 'stack'],
    ['takes too much memory', 'function handler(w) { w.payload = "x".repeat(1e9); return w }', 'memory'],
    ['fills its memory', 'function handler(w) { const a = []; for (;;) a.push(new Uint8Array(4e6)) }', 'memory'],
    ['fills it with small things', 'const a = []; for (;;) a.push(new Uint8Array(1000))', 'memory'],
    ['fills it once and again', 'const a = []; try { for (;;) a.push({}) } catch {} for (;;) a.push([])', 'memory'],
    ['returns too much', 'function handler(w) { w.payload = "x".repeat(2e6); return w }', 'longer than'],
  ])('%s', (_, code, reason) => {
    expect(reasonOf(code)).toContain(reason);
  });

  it.each([
    ['brackets', 'JSON.parse("[".repeat(3e5))'],
    ['parentheses', 'eval("(".repeat(3e5))'],
    ['functions', 'eval("function f(){".repeat(3e4))'],
    ['arrays', 'let a = []; for (let n = 0; n < 3e4; n++) a = [a]; JSON.stringify(a)'],
    ['a thrown value', 'let a = []; for (let n = 0; n < 3e4; n++) a = [a]; throw a'],
  ])('nests too deep: %s', (_, code) => {
    expect(run(`function handler() { ${code} }`)).toMatchObject({ kind: 'failed' });
  });

  it.each([
    'null',
    'undefined',
    'Symbol("x")',
    'Promise.resolve(1)',
    'Promise.reject(1)',
    '() => 1',
    '10n',
    '{ message: { toString: null } }',
    '{ name: 7, message: 7 }',
    '{ get message() { throw 1; } }',
    'new Proxy({}, { get() { throw 1; } })',
    'globalThis',
    'Object.create(null)',
  ])('throws %s', (thrown) => {
    expect(run(`function handler() { throw ${thrown}; }`)).toMatchObject({ kind: 'failed' });
    expect(run(`async function handler() { await null; throw ${thrown}; }`)).toMatchObject({ kind: 'failed' });
    expect(run(`throw ${thrown};`)).toMatchObject({ kind: 'failed' });
  });

  it.each([
    ['loops', 'function handler() { for (;;); }'],
    ['loops before it is called', 'for (;;);'],
    ['catches the end', 'function handler(w) { for (;;) { try { for (;;); } catch {} } }'],
    ['loops in a promise', 'async function handler(w) { for (;;) await null; }'],
    ['loops in what it throws', 'throw new Proxy({}, { get() { for (;;); } })'],
    ['loops in what its handler throws', 'function handler() { throw new Proxy({}, { get() { for (;;); } }) }'],
    ['loops in what its promise throws', 'async function handler() { throw new Proxy({}, { get() { for (;;); } }) }'],
    ['has an expression that takes for ever', `function handler() { /^(a+)+$/.test("${'a'.repeat(40)}!") }`],
  ])('ends at its limit of CPU: %s', (_, code) => {
    const before = threadCpuMs();
    expect(reasonOf(code, { cpuMs: threadCpuMs })).toContain(`more than ${maxCpuMs} ms of CPU`);
    // The limit is looked at between steps of the sandbox, so it is passed by some of them.
    expect(threadCpuMs() - before).toBeLessThan(10 * maxCpuMs);
  });

  it('shows no variable in the reason', () => {
    const code = 'function handler() { throw new Error(["x".repeat(440), variables.key, variables.region].join(" ")) }';
    const result = run(code, { variables: { key: 'sk_live_1234567890', region: 'eu' } });
    const reason = result.kind === 'failed' ? result.reason : '';
    expect(reason).toContain('x [key] eu');
    expect(reason).not.toContain('sk_live');
    expect(reason.length).toBeLessThanOrEqual(500);
  });

  it('has 32 MB of memory, and no more', () => {
    expect(run('const a = new Uint8Array(32 * 1024 * 1024); function handler(w) { return w }').kind).toBe('changed');
    expect(isSpent).toBe(false);
    expect(reasonOf('new Uint8Array(34 * 1024 * 1024)')).toContain('memory');
    expect(isSpent).toBe(true);
    expect(sandbox.quickJs.getWasmMemory().buffer.byteLength).toBeLessThan(38 * 1024 * 1024);
  });

  it('leaves nothing to the next run, and has nothing of the host', () => {
    run('globalThis.left = 1; Object.prototype.left = 2; function handler(w) { return w }');
    const code =
      'function handler(w) { w.payload = [typeof left, ({}).left === undefined, typeof process, typeof require, typeof fetch, typeof setTimeout]; return w }';
    expect(run(code)).toMatchObject({ body: '["undefined",true,"undefined","undefined","undefined","undefined"]' });
  });
});
