/** A part of the system that could not be looked at, and why. */
export interface Blind {
  readonly name: string;
  readonly reason: string;
}
