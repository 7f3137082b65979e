/** The people of the demo data. The first one owns the site. */
export interface DemoPerson {
  readonly username: string;
  readonly displayName: string;
  readonly bio: string;
}

export const demoOwner: DemoPerson = {
  username: 'keeper',
  displayName: 'The Keeper',
  bio: 'I look after this place. Write to me when something is wrong with it.',
};

export const demoPeople: readonly DemoPerson[] = [
  demoOwner,
  { username: 'mara_lind', displayName: 'Mara Lind', bio: "Chairs, mostly other people's." },
  { username: 'tomasz', displayName: 'Tomasz Wilk', bio: 'Runs uphill, walks down.' },
  { username: 'okonkwo_a', displayName: 'Adaeze Okonkwo', bio: 'Flour on everything I own.' },
  { username: 'jun_h', displayName: 'Jun Hayashi', bio: 'One camera, one lens, many excuses.' },
  { username: 'pelle', displayName: 'Pelle Sandström', bio: 'Dark skies, thick socks.' },
  { username: 'rosalind', displayName: 'Rosalind Marsh', bio: 'The ferns are winning.' },
  { username: 'ines_v', displayName: 'Inês Valente', bio: 'Birds before breakfast.' },
  { username: 'farid', displayName: 'Farid Haddad', bio: "Coffee at home, tea at my mother's." },
  { username: 'hollis', displayName: 'Hollis Reed', bio: 'Slowly, by bike.' },
  { username: 'wanjiru', displayName: 'Wanjiru Kamau', bio: 'Letters answered within the month.' },
  { username: 'beatrix', displayName: 'Beatrix Vos', bio: 'Hand planes and long podcasts.' },
  { username: 'sunil_k', displayName: 'Sunil Kapoor', bio: 'Starter named Gustav. He is nine.' },
  { username: 'elodie', displayName: 'Élodie Perrin', bio: '' },
  { username: 'mikkel', displayName: 'Mikkel Juhl', bio: 'Grinding a mirror. Ask me in a year.' },
  { username: 'noor', displayName: 'Noor van Dijk', bio: 'Window sill full, planning another window.' },
  { username: 'caspian', displayName: 'Caspian Doyle', bio: 'Prints after midnight.' },
  { username: 'yara', displayName: 'Yara Mansour', bio: 'Headlamp, poles, potatoes.' },
  { username: 'gwen_t', displayName: 'Gwen Treharne', bio: 'The buzzard was a buzzard.' },
  { username: 'anselm', displayName: 'Anselm Roth', bio: 'Retired. Busier than before.' },
  { username: 'lupe', displayName: 'Guadalupe Reyes', bio: 'Ink under the nails.' },
  { username: 'dmitri', displayName: 'Dmitri Orlov', bio: 'Twelve-minute roasts, four-hour rides.' },
  { username: 'siobhan', displayName: 'Siobhán Keane', bio: 'Learning one bird a week.' },
  { username: 'kwame', displayName: 'Kwame Mensah', bio: 'Dovetails since March.' },
  { username: 'linnea', displayName: 'Linnea Berg', bio: 'Rye, rain, reading.' },
  { username: 'teo', displayName: 'Teo Marchetti', bio: 'Moka pot apologist.' },
  { username: 'harriet', displayName: 'Harriet Blum', bio: 'Repotting today, probably.' },
  { username: 'isamu', displayName: 'Isamu Ono', bio: 'Night trains and quiet roads.' },
  { username: 'freya', displayName: 'Freya Nygaard', bio: 'Looking up.' },
  { username: 'bram', displayName: 'Bram Peeters', bio: '' },
  { username: 'zofia', displayName: 'Zofia Nowak', bio: 'Paper first, then ink, then the pen.' },
];
