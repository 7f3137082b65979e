import { Link, useRouter } from '@tanstack/react-router';
import { buttonClass } from '../components/button.tsx';
import { EmptyState } from '../components/card.tsx';
import { PageProblem } from '../components/page-problem.tsx';
import { inBackground } from '../lib/in-background.ts';

export function NotFoundPage() {
  return (
    <>
      <title>Not found · Sanctum</title>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        title="There is no such page"
        action={
          <Link to="/" className={buttonClass('solid')}>
            Go home
          </Link>
        }
      >
        The address may have a typing mistake, or what was here is gone.
      </EmptyState>
    </>
  );
}

/** Catches what a page throws: the problem's own words, its fix, its request id, and a way on. */
export function ErrorPage({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const retry = () => {
    reset();
    inBackground(router.invalidate());
  };
  return <PageProblem error={error} onRetry={retry} />;
}
