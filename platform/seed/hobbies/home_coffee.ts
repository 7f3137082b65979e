import type { Hobby } from './hobby.ts';

export const homeCoffee: Hobby = {
  name: 'home_coffee',
  title: 'Home Coffee',
  description: 'Beans, grinders, water and far too many scales.',
  visibility: 'public',
  posts: [
    {
      title: 'I changed only the water',
      body: 'Same beans, same grinder, bottled soft water against our tap. Blind, four friends, four out of four. I am annoyed and converted.',
    },
    {
      title: 'Roasting in a popcorn machine',
      body: 'Balcony, extension lead, sieve, gloves. Six minutes to first crack. The neighbours are in favour so far.',
    },
    {
      title: 'Grinder before machine?',
      body: 'Everyone says so. I have a hand grinder and a pod machine from an aunt. Is it really the grinder?',
    },
    { title: 'Extraction explained with three cups', url: 'https://example.org/coffee/three-cups' },
    {
      title: 'The pour-over I make every morning',
      body: '15 g, 250 g of water just off the boil, 45 seconds of bloom, then in three pours. Done at 2:50. I stopped changing it in spring and my mornings got longer.',
    },
    { title: 'Cleaned the grinder after two years', body: 'I will not describe it. Clean your grinder.' },
    { title: 'Light roast tastes sour, what am I doing wrong?', body: 'Finer, hotter, longer: in that order? I get lemon whatever I try.' },
    {
      title: 'Moka pot, lid open, low flame',
      body: 'Start with hot water, take it off when it turns pale, cool the base under the tap. It stopped tasting burnt the same day.',
    },
    { title: 'Map of small roasters', url: 'https://example.org/coffee/roasters' },
    {
      title: 'Decaf has become good',
      body: 'I had it three evenings in a row without noticing. The bag said so. Somebody in this house is playing tricks on me.',
    },
    {
      title: 'Milk for latte art: the sound of tearing paper',
      body: 'Three seconds of that, then nothing but a whirlpool. The swan still looks like a tulip that lost a fight.',
    },
    {
      title: 'How long do you rest beans?',
      body: 'Best at day nine for me, filter. The bag says drink at once. I bought two bags to find out and drank one too early, obviously.',
    },
    {
      title: 'Cold brew, jam jar, cheesecloth',
      body: 'A hundred grams to a litre, eighteen hours in the fridge, strain twice. Keeps the week.',
    },
    {
      title: 'Camp coffee that weighs nothing',
      body: 'A cloth filter, a spoon, and the pot you have anyway. 21 grams in the bag. The view does the rest.',
    },
  ],
  remarks: [
    'It is the grinder, I am sorry.',
    'Finer, and tell us tomorrow.',
    'Water is half of it and nobody believes it.',
    'Preheat everything and try the same beans again.',
    'Sour is too short, bitter is too long, mostly.',
    'I wait ten days for light roasts.',
    'My aunt had that very machine.',
    'One change at a time or you learn nothing.',
    'Stir the bloom once, gently.',
    'Clean it. Then clean it again.',
    'A cheap scale did more than the kettle.',
    'That sounds like a good morning.',
  ],
};
