/** What people say to each other in the demo data: lines of `name: words`, the oldest first. */

export interface DemoConversation {
  /** The name of the sanctum whose conversation it is, the title of a group, or neither: a direct conversation. */
  readonly sanctum?: string;
  readonly title?: string;
  /** Minutes before the end of the demo data at which the last line is said. */
  readonly endsMinutesAgo: number;
  readonly lines: string;
}

const minutesBetweenLines = 7;

export const demoConversations: readonly DemoConversation[] = [
  {
    sanctum: 'woodworking',
    endsMinutesAgo: 4,
    lines: `
      caspian: Dovetails again tonight. Number nineteen. The gap is now one sheet of paper.
      lupe: Which side? If it is always the same side, it is the saw and not you.
      caspian: Always the left. Oh.
      lupe: Half a turn on the back nut. Then tell us.
      mara_lind: And mark with a knife, not a pencil. A pencil line has two edges and you never know which one you meant.
      rosalind: I have cut them for forty years and I still fill one now and then. Nobody has ever looked at the inside of a drawer twice.
      caspian: Half a turn it was. Number twenty closes by itself.
      keeper: That one goes on the wall.
      mara_lind: Walnut or oak for the arm rests? Somebody left me four boards of each.
      lupe: Walnut. Oak under the hands goes grey.`,
  },
  {
    sanctum: 'birdwatching',
    endsMinutesAgo: 37,
    lines: `
      ines_v: Two hoopoes on the football field at six. I was late for work and do not regret it.
      siobhan: This week's bird is the dunnock. It is a scandal in brown.
      anselm: Wait until you read about its family life.
      siobhan: I have. I had to put the book down.
      keeper: A reminder, because it is that time of the year: no places of nests, not even roughly.
      anselm: Saying only that somewhere in this county a buzzard is very busy.
      ines_v: The buzzard was a buzzard?
      anselm: The buzzard was a buzzard.`,
  },
  {
    sanctum: 'home_coffee',
    endsMinutesAgo: 190,
    lines: `
      teo: The moka pot does not need defending, and yet here I am.
      farid: Nobody attacked it. We only said that it tastes of aluminium.
      dmitri: New roast is resting. First cups on Thursday. It smells of orange peel and Ethiopia.
      farid: Keep 200 g for me. I pay in bread.
      teo: I pay in moka pots.`,
  },
  {
    title: 'Night train to the dark skies',
    endsMinutesAgo: 18,
    lines: `
      pelle: New moon is on Friday the 11th. The cabin has six beds and one stove.
      freya: I bring the 80 mm and the soup.
      keeper: I am in. Who else has a red lamp?
      isamu: There is a train at 19:42 that takes bicycles. It arrives before the dark does.
      mikkel: The mirror is not finished. I come anyway and will look through yours.
      freya: You said that last year.
      mikkel: Ask me in a year.
      pelle: The forecast says clear from ten. Bring the thick socks, all of them.`,
  },
  {
    endsMinutesAgo: 9,
    lines: `
      mara_lind: Are you at the workshop on Saturday? The chair from your hall is ready.
      keeper: All day. Did the back leg hold?
      mara_lind: It holds me and the dog together.
      keeper: Then it holds. What do I owe you?
      mara_lind: A morning with your band saw. I have four boards of walnut that want to be arm rests.
      keeper: Done. Coffee is there from eight.
      mara_lind: I bring the buns from Adaeze. She says the oven was too hot and that we must not tell anyone.`,
  },
  {
    endsMinutesAgo: 600,
    lines: `
      wanjiru: Your letter came. Eleven days, and it smells of pine resin.
      keeper: It lay beside the glue pot. I am sorry. Or not.
      wanjiru: Do not be. The answer is in the post; the ink is the green one.`,
  },
  {
    endsMinutesAgo: 2880,
    lines: `
      tomasz: Can the trail running sanctum have a line about sheep in spring? Dogs off the lead again.
      keeper: Write it the way you would say it, and I put it in.
      tomasz: "In April the hill belongs to the lambs." Is that a rule?
      keeper: It is the best one we have.`,
  },
];

export interface DemoLine {
  readonly username: string;
  readonly body: string;
  readonly at: number;
}

/** The lines of a conversation with their times; it ends so long before `endsAt` (Unix milliseconds). */
export function linesOf({ lines, endsMinutesAgo }: DemoConversation, endsAt: number): DemoLine[] {
  const said = lines.trim().split('\n');
  return said.map((line, index) => {
    const [username = '', ...words] = line.trim().split(': ');
    const minutesAgo = endsMinutesAgo + (said.length - 1 - index) * minutesBetweenLines;
    return { username, body: words.join(': '), at: endsAt - minutesAgo * 60_000 };
  });
}
