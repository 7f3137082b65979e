import type { SanctumRole } from '../../lib/model.ts';

const looks = {
  owner: 'bg-ember-soft text-ember',
  moderator: 'bg-accent-soft text-accent',
  member: 'bg-raised text-muted',
} as const;

export function RoleBadge({ role }: { role: SanctumRole }) {
  return <span className={`rounded-full px-2.5 py-0.5 text-sm font-semibold ${looks[role]}`}>{role}</span>;
}
