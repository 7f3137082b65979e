import { Link } from '@tanstack/react-router';
import { ActionButton, buttonClass } from '../components/button.tsx';
import { PersonEmblem } from '../components/emblem.tsx';
import { DevicesIcon, SignOutIcon } from '../components/icons.tsx';
import { useSignOut } from '../features/auth/auth-actions.ts';
import type { Me } from '../lib/model.ts';

/** Who is signed in, at the foot of the sidebar; or how to become someone. */
export function AccountBox({ me }: { me: Me | null }) {
  const signOut = useSignOut();
  if (me === null) {
    return (
      <div className="flex flex-col gap-2">
        <Link to="/sign-up" className={buttonClass('solid')}>
          Sign up
        </Link>
        <Link to="/sign-in" className={buttonClass('outline')}>
          Sign in
        </Link>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-1">
      <Link to="/u/$username" params={{ username: me.username }} className="hover:bg-raised flex items-center gap-3 rounded-xl p-2">
        <PersonEmblem name={me.username} size="medium" />
        <span className="min-w-0">
          <bdi className="block truncate font-semibold">{me.displayName}</bdi>
          <span className="text-muted block truncate text-sm">@{me.username}</span>
        </span>
      </Link>
      <div className="flex flex-wrap">
        <Link
          to="/sessions"
          className="text-muted hover:bg-raised hover:text-ink inline-flex min-h-8 items-center gap-1.5 rounded-full px-2.5 text-sm font-medium"
        >
          <DevicesIcon /> Sessions
        </Link>
        <ActionButton onClick={() => signOut.mutate()} disabled={signOut.isPending}>
          <SignOutIcon /> Sign out
        </ActionButton>
      </div>
    </div>
  );
}
