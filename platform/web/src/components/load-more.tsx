import { Button } from './button.tsx';
import { ProblemNote } from './problem-note.tsx';

interface LoadMoreProps {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly isFetchNextPageError: boolean;
    readonly error: unknown;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  readonly label: string;
  readonly end: string;
}

/** A button instead of endless scrolling: the footer stays reachable and the reader decides. */
export function LoadMore({ query, label, end }: LoadMoreProps) {
  if (query.isFetchNextPageError) return <ProblemNote error={query.error} onRetry={() => void query.fetchNextPage()} />;
  if (!query.hasNextPage) return <p className="text-muted py-6 text-center text-sm">{end}</p>;
  return (
    <div className="py-4 text-center">
      <Button look="outline" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {query.isFetchingNextPage ? 'Loading…' : label}
      </Button>
    </div>
  );
}
