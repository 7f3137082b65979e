import type { Hobby } from './hobby.ts';

export const woodworking: Hobby = {
  name: 'woodworking',
  title: 'Woodworking',
  description: 'Hand tools, machines, joints and finishes. Show the mistakes too: they teach the rest of us.',
  visibility: 'public',
  posts: [
    {
      title: 'First dovetails that close without filler',
      body: 'Eleven practice corners in scrap poplar, and the twelfth went into a real box. What changed: I stopped sawing *on* the line and started leaving it.\n\n- marking knife instead of pencil\n- saw the waste side, always\n- pare from both faces to the middle',
    },
    {
      title: 'Workbench build, week 6: the top is flat',
      body: 'Beech, 80 mm thick, laminated from boards that were far too wet when I bought them. Waiting four months was the hardest part. Flattened with a number 7 and a lot of podcasts.',
    },
    {
      title: 'How do you keep chisels sharp without making it a second hobby?',
      body: 'I own a coarse stone, a fine stone and a strop, and still put it off until the chisel is useless. What routine actually survived contact with your week?',
    },
    { title: 'Shrinkage tables for forty species', url: 'https://example.org/wood/shrinkage-tables' },
    {
      title: 'Saved a chair from the skip',
      body: 'Loose rungs, one broken spindle, five layers of paint. Hide glue let go with warm water and a little patience. New spindle turned from an ash branch that came down in the storm.',
    },
    {
      title: 'Shellac is underrated',
      body: 'Dries in minutes, mends itself, smells like a music shop. I sealed the drawer runners with it last winter and they still glide. Why did we ever leave it?',
    },
    {
      title: 'Small shop, one wall: how I store clamps',
      body: 'Two metres of French cleat and everything hangs within reach. The rule that made it work: if it needs two hands to take down, it hangs wrong.',
    },
    {
      title: 'Cherry three months later',
      body: 'Same board, before and after a summer by the window. No stain, only oil and light. If you are about to stain cherry: wait.',
    },
    {
      title: 'Dust: what finally worked for me',
      body: 'A cyclone in front of the vacuum, a fan in the window, and a mask I do not hate wearing. The filter bag has been changed once this year.',
    },
    { title: 'A field guide to old plane irons', url: 'https://example.org/wood/plane-irons' },
    {
      title: 'Is a mortiser worth the floor space?',
      body: 'I cut perhaps thirty mortises a year, by drill and chisel. It takes an evening per table. Convince me in either direction.',
    },
    {
      title: 'Glue-up went wrong at the worst moment',
      body: 'Third clamp slipped, panel bowed, open time gone. I knocked it apart with the mallet while it still moved and started over with a helper. Rehearse dry. Then rehearse dry again.',
    },
    {
      title: 'Toy train for a two-year-old',
      body: 'Maple and walnut, wooden axles, nothing that comes off. It has survived the stairs twice.',
    },
    {
      title: 'Reading the grain before you plane',
      body: 'Look at the edge, not the face: the lines that climb towards you tell you where to start. I wish someone had said it in that many words ten years ago.',
    },
  ],
  remarks: [
    'Sharp fixes most of it, and light from the side fixes the rest.',
    'Let the wood rest a week in the room it will live in.',
    'A cheap marking gauge and a good knife beat the other way round.',
    'I would leave the tool marks; they are honest.',
    'Beech moves more than people expect, mind the seasons.',
    'Wax on the screw, and it goes in like butter.',
    'My grandfather did it exactly so, with half the tools.',
    'Try it on an offcut from the same board first.',
    'Hide glue would let whoever repairs it next thank you.',
    'The grain on that front is lovely.',
    'Clamp pressure is not the point, an even joint is.',
    'Paring from both sides saved mine.',
  ],
};
