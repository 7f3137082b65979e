/** How far another clock is ahead of ours in ms: its answer lies in the middle of the time that asking took. */
export async function clockDifference(read: () => Promise<number>): Promise<number> {
  const before = Date.now();
  const theirs = await read();
  return Math.round(theirs - (before + Date.now()) / 2);
}
