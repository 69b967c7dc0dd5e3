import type { SealContext } from '@posthorn/core';
import { withOpenedMemory } from './opened-memory.ts';
import { CannotOpen } from './sealing.ts';

const context = { organisationId: 'org_1', endpointId: 'ep_1' };

/** A box that counts, and refuses what begins with `no`. */
function aBox() {
  const clock = { ms: 0 };
  const opened: (readonly [string, SealContext])[] = [];
  const box = withOpenedMemory(
    {
      seal: async (text) => text,
      open: async (sealed, bound) => {
        opened.push([sealed, bound]);
        if (sealed.startsWith('no')) throw new CannotOpen('refused');
        return `text of ${sealed}`;
      },
    },
    () => clock.ms,
  );
  return { box, opened, clock };
}

describe('an opened value of an endpoint', () => {
  it('is opened once in a minute', async () => {
    const { box, opened, clock } = aBox();
    expect(await box.open('sealed', context)).toBe('text of sealed');
    clock.ms = 59_999;
    expect(await box.open('sealed', context)).toBe('text of sealed');
    expect(opened).toHaveLength(1);
    clock.ms = 60_000;
    await box.open('sealed', context);
    expect(opened).toHaveLength(2);
  });

  it('is opened for no other endpoint or organisation', async () => {
    const { box, opened } = aBox();
    const others = [context, { ...context, endpointId: 'ep_2' }, { ...context, organisationId: 'org_2' }];
    for (const bound of others) await box.open('sealed', bound);
    expect(opened.map(([, bound]) => bound)).toEqual(others);
  });

  it('is not remembered when it cannot be opened', async () => {
    const { box, opened } = aBox();
    for (const _ of [1, 2]) await expect(box.open('no', context)).rejects.toThrow(CannotOpen);
    expect(opened).toHaveLength(2);
  });

  it('is not remembered when it is long, and neither is an answer to a request', async () => {
    const { box, opened } = aBox();
    for (const _ of [1, 2]) {
      await box.open('x'.repeat(4_097), context);
      await box.open('sealed', { organisationId: 'org_1', requestKey: 'key' });
    }
    expect(opened).toHaveLength(4);
  });
});
