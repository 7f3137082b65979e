import type { Attack } from '../attack.ts';
import { flood } from '../attack.ts';
import { foundSanctum } from '../../lib/member.ts';

const atOnce = 4;
/** Each asks for as much HTML as its letters can: tables, nested lists, links, with every line end there is. */
const bodies = [
  '|a|b|\n|-|-|\n|c|d|\n\n'.repeat(1900),
  '|a|b|c\r-|-|-\r\r'.repeat(2800),
  '1. 1. 1. 1. a\n\n'.repeat(2600),
  'http://a.bc '.repeat(3300),
];

export const attack: Attack = {
  title: 'posts edited again and again into what grows most',
  prepare: async ({ register, note }) => {
    const writer = await register();
    const sanctum = await foundSanctum([writer]);
    const posts = await Promise.all(
      bodies.map(async (_, index) => {
        const answer = await writer.request('POST', `/api/sanctums/${sanctum}/posts`, { body: { kind: 'text', title: `Post ${index}` } });
        return (JSON.parse(answer.text) as { id: string }).id;
      }),
    );
    return (end) =>
      flood(atOnce, end, async (lane) => {
        note(await writer.request('PATCH', `/api/posts/${posts[lane] ?? ''}`, { body: { body: bodies[lane] } }));
      });
  },
};
