import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useMe } from '../features/auth/me.ts';
import { counted, shortCount } from '../lib/format.ts';
import type { LikeState } from '../lib/optimistic-like.ts';
import { HeartIcon } from './icons.tsx';
import { inBackground } from '../lib/in-background.ts';

interface LikeButtonProps {
  readonly state: LikeState;
  /** What is liked, for those who cannot see where the button stands. */
  readonly subject: string;
  readonly onToggle: (before: LikeState) => void;
}

export function LikeButton({ state, subject, onToggle }: LikeButtonProps) {
  const me = useMe();
  const navigate = useNavigate();
  const href = useRouterState({ select: (router) => router.location.href });
  const press = () => {
    if (me === null) inBackground(navigate({ to: '/sign-in', search: { return: href } }));
    else onToggle({ liked: state.liked, likeCount: state.likeCount });
  };
  return (
    <button
      type="button"
      data-action="like"
      aria-pressed={state.liked}
      aria-label={`Like ${subject}, ${counted(state.likeCount, 'like')}`}
      onClick={press}
      className="text-muted hover:bg-ember-soft hover:text-ember aria-pressed:text-ember inline-flex min-h-8 items-center gap-1.5 rounded-full px-2.5 text-sm font-medium tabular-nums transition-colors"
    >
      <HeartIcon filled={state.liked} />
      {shortCount(state.likeCount)}
    </button>
  );
}
