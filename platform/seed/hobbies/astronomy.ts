import type { Hobby } from './hobby.ts';

export const astronomy: Hobby = {
  name: 'astronomy',
  title: 'Backyard Astronomy',
  description: 'Observing from gardens, balconies and dark hills. Sketches, photographs, and what to look at tonight.',
  visibility: 'public',
  posts: [
    {
      title: 'Saturn through a 20-year-old 150 mm reflector',
      body: 'Collimated it for the first time since I bought it. I had been blaming the optics for two decades. The Cassini division was simply *there*.',
    },
    {
      title: 'Tonight: the double cluster is high before midnight',
      body: 'Binoculars are enough. Find the W, follow the middle stroke towards Perseus, stop at the smudge that is two smudges.',
    },
    {
      title: 'First sketch at the eyepiece',
      body: 'Orion Nebula, soft pencil on black paper, forty minutes. I saw more in those forty minutes than in a year of looking and moving on.',
    },
    { title: 'Light pollution map, updated', url: 'https://example.org/sky/light-map' },
    {
      title: 'Which eyepiece after the two in the box?',
      body: 'The scope came with a 25 and a 10. I mostly look at the Moon and open clusters, from a balcony with a street lamp. One purchase this winter: what would it be?',
    },
    {
      title: 'Dew won, again',
      body: 'Mirror was fine, finder fogged, notes turned to pulp. Shields are on order. What do you do about paper?',
    },
    {
      title: 'Andromeda, six hours in total',
      body: 'Thirty nights, twelve of them clear, six usable. Unguided, 60-second frames, stacked. The dust lanes came out only in the last two hours of data.',
    },
    {
      title: 'My daughter found the Pleiades by herself',
      body: 'Seven years old. She counted six, then eight, then asked why they are cold. I had to look that one up.',
    },
    {
      title: 'Observing list for a city sky',
      body: 'Thirty objects that survive a street lamp: doubles, the brighter open clusters, the Moon along the terminator. Tested from the fourth floor.\n\n1. Albireo\n2. Mizar and Alcor\n3. The Beehive\n4. Gamma Andromedae\n\nThe rest is in the comments.',
    },
    { title: 'How to align an equatorial mount in three minutes', url: 'https://example.org/sky/polar-alignment' },
    {
      title: 'Grinding my own mirror: the first 30 hours',
      body: 'The sphere is right to the eye and wrong to the tester. Everyone says the last tenth takes the other ninety hours. I believe them now.',
    },
    {
      title: 'Aurora from 52 degrees north!',
      body: 'Green on the horizon by eye, red pillars only on the camera. I have waited for that for eleven years and was taking the bins out.',
    },
    {
      title: 'What did you see last night?',
      body: 'Clear from ten to one here, steady after midnight. Jupiter with the shadow of Io, then tea.',
    },
    {
      title: 'Red torch made from a bicycle light',
      body: 'Two layers of brake-light film and a drop of glue. Costs nothing, keeps the eyes dark, and the strap fits the tripod.',
    },
  ],
  remarks: [
    'Let the mirror cool for an hour and try again.',
    'Averted vision helps: look next to it, not at it.',
    'A chair improves the view more than an eyepiece does.',
    'Transparency was awful here, glad somebody had luck.',
    'From the balcony I only get the brighter half of those.',
    'Write it down the same night, the memory is gone by breakfast.',
    'Low power first, the field is half of the beauty.',
    'The Moon is never a waste of a night.',
    'Binoculars and a blanket, honestly.',
    'I saw it too, just above the roofs.',
    'Check the collimation before you buy anything.',
    'That sketch shows more than most photographs.',
  ],
};
