import type { Hobby } from './hobby.ts';

export const trailRunning: Hobby = {
  name: 'trail_running',
  title: 'Trail Running',
  description: 'Mud, roots, hills and the long way home. All paces.',
  visibility: 'public',
  posts: [
    {
      title: 'First 50 km, last by choice',
      body: 'Walked every climb, ate everything at every station, finished with a stranger who is now a friend. Nine hours and four minutes, and I could have talked for nine more.',
    },
    {
      title: 'Ankles: what stopped the rolling',
      body: 'Two minutes on one leg while brushing teeth, twice a day, since March. Not one sprain since. It is almost annoying.',
    },
    {
      title: 'The ridge loop is open again',
      body: 'They moved the fallen beech and repaired the steps. Still soft below the chapel, take shoes with teeth.',
    },
    { title: 'Elevation profiles for every regional path', url: 'https://example.org/trails/profiles' },
    {
      title: 'How do you carry water in winter?',
      body: 'Tube freezes, soft flask freezes slower, bottle in a sock works and looks ridiculous. Is there a fourth way?',
    },
    {
      title: 'Running by headlamp: one season in',
      body: 'Wear one on the waist as well. Light from below gives shadows to the roots, light from the head takes them away. I fell a lot before I learned that.',
    },
    {
      title: 'Downhill is a skill',
      body: 'Short steps, quick feet, eyes three metres ahead, arms out like a child playing aeroplane. I practised on the same two hundred metres for a month.',
    },
    {
      title: 'Dog-friendly routes under 12 km',
      body: 'Collected nine with water on the way and no road to cross. The labrador approves of all but one.',
    },
    {
      title: 'Race report: the fog year',
      body: 'Could not see the flags from one to the next. The whole field moved as a line of people calling to each other. Slowest times ever, best atmosphere ever.',
    },
    { title: 'Study: walking steep hills costs less than running them', url: 'https://example.org/trails/steep-walking-study' },
    {
      title: 'Shoes after 900 km',
      body: 'Lugs gone at the toe, foam flat, upper fine. I would buy them again if they had not changed the model in the meantime.',
    },
    {
      title: 'Getting back after a stress fracture',
      body: 'Twelve weeks of nothing, six of walking, now ten minutes at a time on grass. If you are where I was in May: it does end.',
    },
    {
      title: "Thursday group, seven o'clock, the old mill",
      body: 'Nobody is left behind, we wait at every junction. Bring a light from September on.',
    },
    {
      title: 'What do you eat after three hours?',
      body: 'Gels are fine until they are not. Cold potatoes with salt got me through the last one. Other real food that survives a pocket?',
    },
  ],
  remarks: [
    'Walk it sooner and you will be faster at the top.',
    'Salted potatoes, every time.',
    'That descent scares me more than the climb.',
    'One easy week in four, whether you feel like it or not.',
    'The mud below the chapel took my shoe last year.',
    'Poles changed the long ones for me.',
    'See you on Thursday then.',
    'It was minus six up there, hands first.',
    'Go by breath, the watch knows nothing about hills.',
    'Tape on the heel before, not after.',
    'What a morning for it.',
    'Slow is a pace too.',
  ],
};
