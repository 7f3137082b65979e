/** The sanctums of the demo data. */
import { astronomy } from './astronomy.ts';
import { bikeTouring } from './bike_touring.ts';
import { birdwatching } from './birdwatching.ts';
import { filmPhotography } from './film_photography.ts';
import { fountainPens } from './fountain_pens.ts';
import { homeCoffee } from './home_coffee.ts';
import type { Hobby } from './hobby.ts';
import { houseplants } from './houseplants.ts';
import { sourdough } from './sourdough.ts';
import { stewards } from './stewards.ts';
import { trailRunning } from './trail_running.ts';
import { woodworking } from './woodworking.ts';

export const hobbies: readonly Hobby[] = [
  woodworking,
  sourdough,
  astronomy,
  trailRunning,
  filmPhotography,
  houseplants,
  birdwatching,
  homeCoffee,
  bikeTouring,
  fountainPens,
  stewards,
];
