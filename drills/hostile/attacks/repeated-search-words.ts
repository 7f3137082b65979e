import type { Attack } from '../attack.ts';
import { flood } from '../attack.ts';

const atOnce = 10;
const repetitions = 42;
const letters = 'abcdefghijklmnop'.split('');

export const attack: Attack = {
  title: 'searches of forty words',
  prepare: async ({ register, note }) => {
    const member = await register();
    const texts = [
      'a '.repeat(repetitions),
      letters.join(' '),
      `${'common '.repeat(7)}-rare`,
      '"bulk text about" -common',
      'common or rare or bulk',
    ];
    return (end) =>
      flood(atOnce, end, async (lane) => {
        const text = texts[lane % texts.length] ?? '';
        note(await member.request('GET', `/api/search?q=${encodeURIComponent(text.trim())}`));
      });
  },
};
