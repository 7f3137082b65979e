import { Link } from '@tanstack/react-router';
import { SanctumEmblem } from '../../components/emblem.tsx';
import { LockIcon } from '../../components/icons.tsx';
import { counted } from '../../lib/format.ts';
import type { Sanctum } from '../../lib/model.ts';
import { MembershipButton } from './membership-button.tsx';
import { RoleBadge } from './role-badge.tsx';

export function SanctumRow({ sanctum }: { sanctum: Sanctum }) {
  return (
    <li className="border-line bg-surface flex items-start gap-4 rounded-2xl border p-4">
      <SanctumEmblem name={sanctum.name} size="medium" />
      <div className="min-w-0 flex-1">
        <h2 className="flex flex-wrap items-center gap-2 text-lg font-semibold">
          <Link to="/s/$name" params={{ name: sanctum.name }} className="hover:text-accent">
            {sanctum.title}
          </Link>
          {sanctum.visibility === 'private' && (
            <span className="text-muted inline-flex items-center gap-1 text-sm font-normal">
              <LockIcon /> private
            </span>
          )}
          {sanctum.role !== null && <RoleBadge role={sanctum.role} />}
        </h2>
        <p className="text-muted text-sm">
          s/{sanctum.name} · {counted(sanctum.memberCount, 'member')}
        </p>
        {sanctum.description !== '' && <p className="mt-1 line-clamp-2">{sanctum.description}</p>}
      </div>
      {sanctum.role === null && <MembershipButton sanctum={sanctum} />}
    </li>
  );
}
