import { toProblem } from '../lib/problem.ts';
import { ProblemNote } from './problem-note.tsx';

/** A whole page that could not be shown. It has a heading like any other page, so that it can be found by one. */
export function PageProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const missing = toProblem(error).status === 404;
  return (
    <div className="max-w-[44rem]">
      <title>{missing ? 'Not found · Sanctum' : 'Something went wrong · Sanctum'}</title>
      <h1 className="mb-3 text-2xl font-bold">{missing ? 'This is not here' : 'This did not work'}</h1>
      <ProblemNote error={error} onRetry={onRetry} />
    </div>
  );
}
