import type { Hobby } from './hobby.ts';

export const houseplants: Hobby = {
  name: 'houseplants',
  title: 'Houseplants',
  description: 'Growing things on window sills. No shame for the dead ones.',
  visibility: 'public',
  posts: [
    {
      title: 'Two leaves at once on the monstera',
      body: 'After a year of sulking in the hallway it moved one metre closer to the window. Light. It was always light.',
    },
    {
      title: 'Fungus gnats: what worked',
      body: 'Yellow cards caught the adults, a layer of sand stopped the next ones, and watering from below ended it. Three weeks in total, patience included.',
    },
    {
      title: 'Propagation shelf, month four',
      body: "Eleven jars, nine with roots. The two failures were both from the florist's bunch, so no hard feelings.",
    },
    { title: 'Light levels by window direction', url: 'https://example.org/plants/window-light' },
    {
      title: 'Is this leaf asking for help?',
      body: 'Brown edge, soft middle, the rest looks fine. Watered on Sundays, north window, no drama until last week.',
    },
    {
      title: 'The fern lives in the bathroom now',
      body: 'No window worth mentioning, but steam twice a day. It has doubled. I stopped asking questions.',
    },
    {
      title: 'What survives an office with no weekend care?',
      body: 'So far: the snake plant, the pothos, and a cactus that is actually plastic. I was not told for two years.',
    },
    {
      title: 'Repotting day',
      body: 'Newspaper on the floor, everything out, roots inspected, six new pots and one funeral. Back hurts, windows look wonderful.',
    },
    {
      title: 'String of hearts, from one strand to a curtain',
      body: 'Lay the strand on soil and pin every node. That is the trick. Everything else is waiting.',
    },
    { title: 'Soil mixes that drain, compared', url: 'https://example.org/plants/soil-mixes' },
    {
      title: 'My cat eats exactly one of them',
      body: 'Not the cat grass. Never the cat grass. The spider plant hangs from the ceiling now and the cat has learned to jump.',
    },
    {
      title: 'Winter: how often do you really water?',
      body: 'I dropped to every third week and nothing complained. Was I drowning them all those years?',
    },
    { title: 'An avocado from a stone, five years on', body: 'Two metres, no fruit, never going to fruit, best thing in the room.' },
    {
      title: 'Trading cuttings by post',
      body: 'Damp paper, a zip bag with holes, stiff card, first thing on a Monday. Nine of ten arrived looking as if nothing had happened.',
    },
  ],
  remarks: [
    'Finger in the soil, then decide.',
    'It wants to be closer to the window, they all do.',
    'Root bound, I would bet on it.',
    'Leave it alone for two weeks and look again.',
    'Mine dropped half of its leaves and then came back stronger.',
    'Tap water with a lot of lime gave me those edges.',
    'Cut it, it will thank you with two.',
    'Looks healthy from here.',
    'The cat has opinions about mine too.',
    'Water from below and the gnats lose interest.',
    'That pot has no hole, has it?',
    'Steam is all a fern asks for.',
  ],
};
