import type { Svix } from 'svix';

/** Another application of the same system, that makes work. */
export interface Neighbour {
  /** What it does, for the table. */
  readonly name: string;
  /** Starts it, and resolves when its work has begun. */
  begin(svix: Svix): Promise<RunningNeighbour>;
}

export interface RunningNeighbour {
  /** Messages accepted so far. */
  sent(): number;
  /** Sends no more, and resolves when no post is under way. */
  stop(): Promise<void>;
}

export const eventType = 'bench.sent';

/** Posts at an even rate until it is stopped. A late answer delays no other post. */
export function postEvenly(perSecond: number, post: (number: number) => Promise<unknown>): RunningNeighbour {
  const posts = new Set<Promise<unknown>>();
  let sent = 0;
  const timer = setInterval(() => {
    const one = post(sent).finally(() => posts.delete(one));
    posts.add(one);
    sent += 1;
  }, 1_000 / perSecond);
  return {
    sent: () => sent,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(posts);
    },
  };
}
