import type { Hobby } from './hobby.ts';

export const bikeTouring: Hobby = {
  name: 'bike_touring',
  title: 'Bike Touring',
  description: 'Panniers, gravel, ferries, tea by the road. Routes and repairs.',
  visibility: 'public',
  posts: [
    {
      title: 'Eleven days along the river, tent every night',
      body: '780 km, two punctures, one storm, countless cherries from a man who would not take money. Flat is not boring when the river decides where you sleep.',
    },
    {
      title: 'What I sent home by post on day three',
      body: '4.2 kg: the second stove, jeans, a book I had read, the *other* lock. If you are packing tonight, this is for you.',
    },
    {
      title: 'Tyre width: 32, 42 or 50?',
      body: 'Mostly tarmac, one third gravel, one bad forest road per day. I am tired of reading numbers, tell me what you ride.',
    },
    { title: 'Ferries that take bikes, all of them', url: 'https://example.org/touring/ferries' },
    {
      title: 'Broken spoke in the middle of nowhere',
      body: 'Drive side, of course. The spare was taped to the frame, the tool was at home. A farmer with a vice and a sense of humour got me to the town.',
    },
    {
      title: 'Cooking on one burner',
      body: 'Lentils soaked in a bottle on the rack since morning. Ten minutes at camp. The trick is that the road does the cooking.',
    },
    {
      title: 'Dynamo hub, four seasons later',
      body: 'Lights without a thought, the phone charges downhill. It has never once asked me for anything.',
    },
    {
      title: 'First tour with a child trailer',
      body: '25 km a day, six playgrounds, two naps. Slowest I have ever travelled and I saw the most.',
    },
    {
      title: 'Wind: make peace with it',
      body: 'Three days of headwind on the coast. On the second I stopped looking at the speed. On the third I turned round and flew.',
    },
    { title: 'GPX of quiet roads, checked this year', url: 'https://example.org/touring/quiet-roads' },
    {
      title: 'How do you fill a rainy rest day?',
      body: 'Laundrette, library, chain, letters. The chain took twenty minutes. I am open to ideas.',
    },
    { title: 'Panniers after 20,000 km', body: 'One hook replaced, one patch, still dry. They smell of every meal since the first.' },
    {
      title: 'Wild camping manners',
      body: 'Late in, early out, no fire, no trace, and ask at the farm if you can. In nine years nobody has ever said no.',
    },
    {
      title: 'Night train with bikes: how to book it',
      body: 'The form hides the bike spaces until you choose the seat first. I have written down the clicks so you do not need to.',
    },
  ],
  remarks: [
    'Forty-two and never think about it again.',
    'Tape the spare spokes to the chainstay and carry the tool too.',
    'Ask at the farm, always.',
    'Tailwind is only ever earned.',
    'Lentils in a bottle is genius.',
    'Which bag was it, after all those kilometres?',
    'The ferry in the morning is never full.',
    'I sent a parcel home too, on day two.',
    'Wax the chain and the rain matters less.',
    'That road is lovely in May.',
    'Lower pressure, you will not be slower.',
    'Did the child sleep in the afternoon?',
  ],
};
