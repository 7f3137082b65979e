import type { Attack } from '../attack.ts';
import { flood } from '../attack.ts';

const atOnce = 4;

/** The posts on the first page, liked and unliked without a pause: what walks over the feed read then. */
export const attack: Attack = {
  title: 'likes given and taken back',
  prepare: async ({ register, note }) => {
    const members = await Promise.all(Array.from({ length: atOnce }, register));
    const [first] = members;
    const page = await first?.request('GET', '/api/feeds/popular?sort=hot');
    const ids = (JSON.parse(page?.text ?? '{"items":[]}') as { items: { id: string }[] }).items.map(({ id }) => id);
    if (ids.length < atOnce) throw new Error(`the popular feed shows ${ids.length} posts: there is nothing to like`);
    return (end) =>
      flood(atOnce, end, async (lane) => {
        const path = `/api/posts/${ids[lane] ?? ''}/like`;
        for (const method of ['PUT', 'DELETE'] as const) {
          const answer = await members[lane]?.request(method, path);
          if (answer !== undefined) note(answer);
        }
      });
  },
};
