import type { Hobby } from './hobby.ts';

export const sourdough: Hobby = {
  name: 'sourdough',
  title: 'Sourdough',
  description: 'Flour, water, salt and time. Crumb pictures are welcome, so are bricks.',
  visibility: 'public',
  posts: [
    {
      title: 'The loaf that finally sprang',
      body: 'Same flour, same oven, same starter. The difference was ending bulk **earlier**: 60 % rise instead of double. My kitchen is warmer than every recipe assumes.',
    },
    {
      title: 'Starter smells like nail varnish, is it dead?',
      body: 'Back from two weeks away. Grey liquid on top, sharp smell, no bubbles. I would rather not start from nothing.',
    },
    {
      title: 'Rye starter, fed once a week, nine years old',
      body: 'It lives at the back of the fridge in a jam jar. Wednesday evening out, Thursday bake, a spoonful back. That is the whole method.',
    },
    { title: 'Dough temperature calculator', url: 'https://example.org/bread/dough-temperature' },
    {
      title: '100 % whole grain without a brick',
      body: 'Sift out the bran, scald it with boiling water, add it back after the first fold. It stops cutting the gluten and the crumb stays moist for days.',
    },
    {
      title: 'Baking on a stone against a Dutch oven',
      body: 'Two loaves from one dough, one each. The pot gave more ear, the stone gave a better bottom. Steam is the answer to both and I still have no good steam.',
    },
    { title: 'What do you do with discard?', body: 'I am at three jars. Crackers and pancakes are covered. Surprise me.' },
    {
      title: 'Scoring: one cut is enough',
      body: 'I went through a leaf-pattern phase. Then I noticed that the best bread from my favourite bakery has one fast cut, a little off the middle, at a flat angle.',
    },
    {
      title: 'Salt matters more than I thought',
      body: 'Forgot it once. Dough ran off the bench, fermented in half the time and tasted of nothing. Now the salt sits on top of the scale before anything else does.',
    },
    { title: 'Notes on milling at home for a year', url: 'https://example.org/bread/home-milling-notes' },
    {
      title: 'Cold proof: 12, 24, 36 and 48 hours',
      body: 'Four loaves, one batch. 24 had the best shape, 36 the best taste, 48 began to sag at the edges. I will stay with 30 and stop worrying.',
    },
    {
      title: 'Beginner here: how wet is too wet?',
      body: 'Every recipe says 75 %. With the flour from my shop it is soup. Is it allowed to simply use less water?',
    },
    {
      title: 'Focaccia from leftover dough',
      body: 'Pan, too much oil, dimples, salt, rosemary from the balcony. It was gone before the loaf had cooled.',
    },
    {
      title: 'Baking for a street party, schedule attached',
      body: 'Sixteen loaves from a home oven, two at a time. Start at five, last one out at one. The fridge is the only reason that works: shaped loaves wait there and do not care.',
    },
  ],
  remarks: [
    'Go by the dough, not by the clock.',
    'What was the room like that day? Two degrees change everything.',
    'Feed it twice at room temperature and it will be back.',
    'Less water is not cheating, it is reading your flour.',
    'I get the same with fresh flour, older flour drinks less.',
    'Bake it darker than feels right.',
    'Let it cool, the crumb sets in the last hour.',
    'That crumb is exactly what I am after.',
    'A shower cap over the bowl beats every cloth I own.',
    'Fold gently once more and leave it alone.',
    'Try ten percent rye, it wakes everything up.',
    'Mine did that when the fridge was too cold.',
  ],
};
