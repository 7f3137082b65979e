import type { Hobby } from './hobby.ts';

export const birdwatching: Hobby = {
  name: 'birdwatching',
  title: 'Birdwatching',
  description: 'Feeders, marshes, migration. Exact places of nests stay out of posts.',
  visibility: 'public',
  posts: [
    {
      title: 'A kingfisher on the canal, in the middle of town',
      body: 'Blue line under the bridge, gone, back again. Forty people walked past. One stopped, and now there are two of us who know.',
    },
    {
      title: 'Help with a small brown bird',
      body: 'Yes, another one. Size of a robin, pale stripe over the eye, flicks its tail, was low in the reeds. Sound like two stones being tapped together.',
    },
    {
      title: 'Feeder census, third winter',
      body: 'Goldfinches up, greenfinches down, one brambling in January that made my month. Same hour, same chair, every Saturday.',
    },
    { title: 'Migration radar, live', url: 'https://example.org/birds/radar' },
    {
      title: 'Swifts are back',
      body: 'Seven, screaming over the roofs at half past eight. Two days earlier than last year. Summer may begin.',
    },
    {
      title: 'Learning songs: one a week',
      body: 'I gave up on lists and took a single bird each week, out loud, on the walk to work. Twenty-six by autumn and they are staying.',
    },
    {
      title: 'Binoculars for someone who wears glasses',
      body: 'Eye relief is a number nobody in the shop could explain. I want 8x, light, and to see the whole circle. What do you use?',
    },
    {
      title: 'The owl in the churchyard has young',
      body: 'Three heads in the ivy at dusk. We keep to the path and so should everyone, the warden asks.',
    },
    {
      title: 'Our school counted 1,204 birds',
      body: 'Nine classes, one hour, much running and shouting. The pigeons won. The children argued about the buzzard for a week.',
    },
    { title: 'How to keep a field notebook', url: 'https://example.org/birds/notebook' },
    {
      title: 'Rain, wind, nothing, nothing, and then a bittern',
      body: 'Four hours in a hide with a leaking roof. It walked out of the reeds as if it owned them, looked at us, and walked back.',
    },
    {
      title: 'Window strikes: stickers that work',
      body: 'Dots every ten centimetres on the outside. A single falcon shape does nothing. We went from one a week to none.',
    },
    { title: 'Cranes overhead all night', body: 'Could not see one of them. Lay in the garden and listened to thousands go south.' },
    { title: 'What is the bird of your street?', body: 'Ours is the jackdaw. They sit on the chimneys in pairs and discuss us.' },
  ],
  remarks: [
    'Stonechat, from the sound alone.',
    'Early this year, we had them on Friday.',
    'Keep the place vague, please, it is breeding season.',
    'Look at the legs next time, that settles it.',
    'Eight by thirty-two and never looked back.',
    'The light behind it makes this hard.',
    'I would lean towards a juvenile.',
    'They took over our gutter as well.',
    'Half past five in the morning is the whole secret.',
    'Heard it, did not see it, counted it.',
    'Clean the feeder every week, it matters.',
    'What a record for a town.',
  ],
};
