import { Link } from '@tanstack/react-router';
import { buttonClass } from '../../components/button.tsx';
import { SanctumEmblem } from '../../components/emblem.tsx';
import { LockIcon } from '../../components/icons.tsx';
import { counted } from '../../lib/format.ts';
import type { Sanctum } from '../../lib/model.ts';
import { MembershipButton } from './membership-button.tsx';
import { RoleBadge } from './role-badge.tsx';

export function SanctumHeader({ sanctum }: { sanctum: Sanctum }) {
  const { name } = sanctum;
  return (
    <header className="border-line bg-surface mb-4 rounded-2xl border p-4 sm:p-5">
      <div className="flex items-start gap-4">
        <SanctumEmblem name={name} size="large" />
        <div className="min-w-0 flex-1">
          <h1 className="text-2xl font-bold sm:text-3xl">{sanctum.title}</h1>
          <p className="text-muted flex flex-wrap items-center gap-x-2 gap-y-1">
            <span>s/{name}</span>
            <span aria-hidden="true">·</span>
            <Link to="/s/$name/members" params={{ name }} className="hover:text-ink underline underline-offset-2">
              {counted(sanctum.memberCount, 'member')}
            </Link>
            {sanctum.visibility === 'private' && (
              <span className="inline-flex items-center gap-1">
                <LockIcon /> private
              </span>
            )}
            {sanctum.role !== null && <RoleBadge role={sanctum.role} />}
          </p>
        </div>
      </div>
      {sanctum.description !== '' && <p className="mt-3 line-clamp-3 xl:hidden">{sanctum.description}</p>}
      <div className="mt-3 flex flex-wrap gap-2 empty:hidden">
        <MembershipButton sanctum={sanctum} />
        {(sanctum.role === 'owner' || sanctum.role === 'moderator') && (
          <Link to="/s/$name/settings" params={{ name }} className={buttonClass('outline')}>
            Settings
          </Link>
        )}
      </div>
    </header>
  );
}
