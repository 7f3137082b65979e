import type { Hobby } from './hobby.ts';

export const stewards: Hobby = {
  name: 'stewards',
  title: "The Stewards' Table",
  description: 'Where those who look after the sanctums talk. Private: ask the keeper.',
  visibility: 'private',
  posts: [
    {
      title: 'Welcome, and how we decide things here',
      body: 'Two stewards agree before something is removed, unless it is plain abuse. We write down why. Nobody decides about a quarrel they are part of.',
    },
    {
      title: 'Rotation for the holidays',
      body: 'Put your name behind a week. It is half an hour a day at most, and the others can be asked.',
    },
    {
      title: 'Birdwatching: nest places again',
      body: 'Third time this spring. I propose a line in the description and a kind message instead of removal. Thoughts?',
    },
    {
      title: 'Should long posts fold in feeds?',
      body: 'They do now, after three hundred characters. Two members asked for more. I think the present state is right.',
    },
  ],
  remarks: [
    'Agreed, and thank you for writing it down.',
    'I can take that week.',
    'A kind message first, always.',
    'Let us look at it again in a month.',
    'I would rather have one rule fewer.',
    'Done, and I told them why.',
  ],
};
