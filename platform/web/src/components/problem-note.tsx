import { toProblem } from '../lib/problem.ts';
import { Button } from './button.tsx';

/** What went wrong, what to do about it, and the id by which the administrators find it in their log. */
export function ProblemNote({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const problem = toProblem(error);
  return (
    <div role="alert" className="border-danger/40 bg-danger-soft rounded-xl border p-4">
      <p className="text-danger font-semibold">{problem.message}</p>
      <p className="mt-1">{problem.fix}</p>
      {problem.requestId !== undefined && (
        <p className="mt-2 text-sm">
          Request id: <code className="font-mono select-all">{problem.requestId}</code>
        </p>
      )}
      {onRetry !== undefined && (
        <Button look="outline" className="mt-3" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
