import type { Hobby } from './hobby.ts';

export const fountainPens: Hobby = {
  name: 'fountain_pens',
  title: 'Fountain Pens',
  description: 'Nibs, inks, paper and letters that somebody will keep.',
  visibility: 'public',
  posts: [
    {
      title: 'The pen I learned to write with, restored',
      body: 'New sac, cleaned feed, a spot of micromesh on the nib. It writes as it did when I was eight, and so, for a moment, did I.',
    },
    {
      title: 'Blue-black compared: twelve bottles, one paper',
      body: 'Swatches, dry times, and what a drop of water does after a day. Three of them are nearly permanent, one of them lies about it.',
    },
    { title: 'Left-handed and smudging', body: 'Under-writer on good days, hook on bad ones. Which ink dries before my hand arrives?' },
    { title: 'Paper tests, 80 sheets so far', url: 'https://example.org/pens/paper-tests' },
    {
      title: 'Hard starts after a night in the pouch',
      body: 'Cap seal, dry ink or nib gap? It is fine after three words, every morning, without fail.',
    },
    {
      title: 'A letter a week',
      body: 'Fifty-one sent this year, thirty-eight answered. One came back with a drawing of our old street that I had never seen.',
    },
    {
      title: 'Grinding a cursive italic: first attempt',
      body: 'On a steel nib that cost less than lunch. Little and often, look at it under the loupe, stop before you think you should. It sings on the downstroke.',
    },
    {
      title: 'Which first pen would you give a twelve-year-old?',
      body: 'Robust, cheap to lose, not ugly. She draws more than she writes.',
    },
    { title: 'Washing out shimmer ink', url: 'https://example.org/pens/shimmer-cleaning' },
    { title: 'Flea market, three euros, gold nib', body: 'Under a box of spoons. The seller said it was broken. It was thirsty.' },
    { title: 'Do you rotate, or marry one?', body: 'I have had the same three inked since January and feel unfaithful to the drawer.' },
    {
      title: 'Bullet lists in brown ink look like a recipe',
      body: 'That is all. I now write my meetings as recipes and they are shorter.',
    },
    {
      title: 'Ink made from oak galls',
      body: 'Boiled, strained, iron added, and it went on almost clear and turned black while I watched. Do not leave it in a pen overnight.',
    },
  ],
  remarks: [
    'Floss the tines with a bit of brass and try again.',
    'On cheap paper everything feathers, it is not the ink.',
    'Rinse it with cool water and a drop of soap.',
    'Under-writing with a fine nib helped me more than any ink.',
    'Three euros! I never find anything.',
    'Marry one. Flirt with the others.',
    'Stop grinding one minute before you want to.',
    'A letter came back to me after forty years, keep going.',
    'That blue-black leans green on my desk.',
    'Check the cap with a breath of air.',
    'It was thirsty, I love that.',
    'She will lose it and she will love it.',
  ],
};
