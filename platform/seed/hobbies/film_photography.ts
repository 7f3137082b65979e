import type { Hobby } from './hobby.ts';

export const filmPhotography: Hobby = {
  name: 'film_photography',
  title: 'Film Photography',
  description: 'From box cameras to large format, from the shutter to the tray. Say what you shot it on.',
  visibility: 'public',
  posts: [
    {
      title: 'One roll a month, one camera, one lens',
      body: 'A year of it is done: 432 frames, 31 I would print. The limit did more for me than any lens ever has.',
    },
    {
      title: 'Light leak or charm?',
      body: 'Orange band on every third frame, always on the same side. Door seal, or the strap rubbing the back open? New foam is on its way either way.',
    },
    {
      title: 'Developing at the kitchen sink',
      body: 'Changing bag, one tank, two bottles, a thermometer and the washing-up bowl. It takes forty minutes and the smell is gone by dinner.',
    },
    { title: 'Exposure without a meter, a printable card', url: 'https://example.org/film/exposure-card' },
    {
      title: "My grandmother's camera had a film in it",
      body: 'Twenty-four frames, fourteen readable. A beach, a dog nobody can name, my mother aged four laughing at someone outside the frame.',
    },
    {
      title: 'Pushing 400 to 1600 for a concert',
      body: 'Grain like gravel, blacks like velvet. Metered for the faces and let everything else go. I will do it again.',
    },
    {
      title: 'How do you store negatives?',
      body: 'Ten years of sleeves in three boxes, and I cannot find anything. Do you index by date, by place, or have you given up as well?',
    },
    {
      title: 'Contact sheets changed how I edit',
      body: 'On the screen I judge single frames. On the sheet I see what I was circling around. The best picture is usually the one after the one I remember taking.',
    },
    {
      title: 'Portrait in window light, 120, one minute of talking first',
      body: 'I put the camera down, asked about her garden, and picked it up again. Frame three.',
    },
    { title: 'Repairing a stuck leaf shutter, step by step', url: 'https://example.org/film/leaf-shutter-repair' },
    {
      title: 'Is slide film worth it now?',
      body: 'Half a stop of freedom and the price of a dinner. Then you put it on the light table and nothing else looks like that.',
    },
    {
      title: 'Pinhole from a biscuit tin',
      body: 'Paper negative, four minutes in the sun, f/180 or so. The corners bend, the clouds are a smear, and I love it.',
    },
    {
      title: 'Airport scanners: my results with 800',
      body: 'Three trips, hand luggage, test strip beside an unscanned one. Visible fog after the new type of machine, nothing after the old one. Ask for a hand check.',
    },
    {
      title: 'Printing again after fifteen years',
      body: 'First print at midnight: too dark, dusty, crooked. I stood in the red light and grinned like a fool.',
    },
  ],
  remarks: [
    'Meter for the shadows and stop thinking.',
    'That third frame is the one.',
    'New seals are an evening and a toothpick.',
    'Water bath, same temperature for everything, and it becomes boring in a good way.',
    'I index by roll number and a notebook, nothing else survived.',
    'What did you shoot it on?',
    'Print it larger than feels safe.',
    'The grain suits it.',
    'Half a stop more next time, the blacks are blocked.',
    'I miss that film every week.',
    'Ask for a hand check, they are kinder than you expect.',
    'Dust is part of the deal, sadly.',
  ],
};
