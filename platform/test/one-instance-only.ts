/** Tests of the suites for API and browser that ask more of several instances than was promised, and why. */
export interface OneInstanceOnly {
  /** A part of the test's whole name, its groups included. */
  readonly test: string;
  readonly reason: string;
}

const second = 'it asks at once what an instance learns within a second of the others: a session or an account that ended';
const parts = 'each instance takes its part of a limit in advance, or counts by itself without Redis';
const proxy = 'the proxy refuses or rewrites it before any instance sees it';
const inside = 'it holds or counts something inside of one instance';

export const oneInstanceOnly: readonly OneInstanceOnly[] = [
  { test: 'a token replayed after ten seconds ends the session for everyone', reason: second },
  { test: 'a token two generations old ends the session at once', reason: second },
  { test: 'all but the current one end together', reason: second },
  { test: 'signing out ends the session and clears the cookies', reason: second },
  { test: 'a hundred live sessions are enough: the oldest gives way', reason: second },
  { test: 'needs the current one, ends the other sessions and keeps this one', reason: second },
  { test: "a stranger's wrong guesses", reason: parts },
  { test: 'a known device', reason: parts },
  { test: 'wrong current passwords stop confirming in that session, and nothing else', reason: parts },
  { test: 'of one reader on one post may change sixty times an hour', reason: parts },
  { test: 'in production the host', reason: proxy },
  { test: 'a target in absolute form has to name it as well', reason: proxy },
  { test: 'is the scheme that a trusted proxy says and the Host that it passes on', reason: proxy },
  { test: 'X-Forwarded-For', reason: proxy },
  { test: 'a client that leaves while it sends is no failure of the database', reason: inside },
];
