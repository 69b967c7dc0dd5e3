import { createLogNotices } from './log-notices.ts';

const never = new AbortController().signal;

/** Whether a promise is settled when everything else that is due has run. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe('a watch of a log', () => {
  it('is told of what was written while it waits, and waits again afterwards', async () => {
    const { tell, watch } = createLogNotices();
    const own = watch('one');
    const first = own.grown(never);
    expect(await isSettled(first)).toBe(false);
    tell('one');
    expect(await isSettled(first)).toBe(true);
    expect(await isSettled(own.grown(never))).toBe(false);
  });

  it('is told of what was written since it began, though it did not wait yet', async () => {
    const { tell, watch } = createLogNotices();
    const own = watch('one');
    tell('one');
    tell('one');
    expect(await isSettled(own.grown(never))).toBe(true);
    expect(await isSettled(own.grown(never))).toBe(false);
  });

  it('is told of what is written while its program reads, after it was woken', async () => {
    const { tell, watch } = createLogNotices();
    const own = watch('one');
    const first = own.grown(never);
    tell('one');
    await first;
    tell('one');
    expect(await isSettled(own.grown(never))).toBe(true);
  });

  it('is not told of other logs', async () => {
    const { tell, watch } = createLogNotices();
    const own = watch('one');
    tell('other');
    expect(await isSettled(own.grown(never))).toBe(false);
  });

  it('ends with its signal', async () => {
    const { watch } = createLogNotices();
    const own = watch('one');
    const ending = new AbortController();
    const waiting = own.grown(ending.signal);
    expect(await isSettled(waiting)).toBe(false);
    ending.abort();
    expect(await isSettled(waiting)).toBe(true);
    expect(await isSettled(own.grown(ending.signal))).toBe(true);
  });

  it('wakes all others of its log, though some have ended', async () => {
    const { tell, watch } = createLogNotices();
    const [one, other, ended] = [watch('one'), watch('one'), watch('one')];
    const waiting = [one, other].map((each) => each.grown(never));
    ended.end();
    ended.end();
    tell('one');
    expect(await Promise.all(waiting.map(isSettled))).toEqual([true, true]);
    one.end();
    other.end();
    const later = watch('one');
    tell('one');
    expect(await isSettled(later.grown(never))).toBe(true);
  });
});
