import { Link } from '@tanstack/react-router';

interface PersonNameProps {
  readonly person: { readonly username: string; readonly displayName: string };
  readonly className?: string;
}

/**
 * A display name is whatever its owner likes, so the name that is theirs alone stands beside it. Isolated: letters that run the
 * other way do not move their neighbours.
 */
export function PersonName({ person: { username, displayName }, className = '' }: PersonNameProps) {
  return (
    <Link to="/u/$username" params={{ username }} className={`min-w-0 hover:underline ${className}`}>
      <bdi className="font-semibold break-words">{displayName}</bdi>{' '}
      <span className="text-muted text-sm font-normal break-all">@{username}</span>
    </Link>
  );
}
