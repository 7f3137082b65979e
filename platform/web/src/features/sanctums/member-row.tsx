import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { removeMember, setMember } from '../../api/sdk.gen.ts';
import { ActionButton } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { PersonEmblem } from '../../components/emblem.tsx';
import { dayOf } from '../../lib/format.ts';
import type { Member, SanctumRole } from '../../lib/model.ts';
import { toProblem } from '../../lib/problem.ts';
import { useServices } from '../../lib/services.tsx';
import { RoleBadge } from './role-badge.tsx';

interface MemberRowProps {
  readonly sanctumName: string;
  readonly member: Member;
  readonly readerRole: SanctumRole | null;
}

export function MemberRow({ sanctumName, member, readerRole }: MemberRowProps) {
  const { queryClient, notices } = useServices();
  const path = { name: sanctumName, username: member.username };
  const settle = {
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['members', sanctumName] }),
        queryClient.invalidateQueries({ queryKey: ['sanctum', sanctumName] }),
      ]),
    onError: (error: unknown) => notices.show({ tone: 'bad', text: toProblem(error).message, detail: toProblem(error).fix }),
  };
  const assign = useMutation({ mutationFn: (role: SanctumRole) => setMember({ path, body: { role } }), ...settle });
  const remove = useMutation({ mutationFn: () => removeMember({ path }), ...settle });
  const busy = assign.isPending || remove.isPending;
  const mayRemove = member.role !== 'owner' && (readerRole === 'owner' || (readerRole === 'moderator' && member.role === 'member'));
  return (
    <li className="flex flex-wrap items-center gap-3 p-3 sm:px-5">
      <PersonEmblem name={member.username} size="medium" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <Link to="/u/$username" params={{ username: member.username }} className="font-semibold hover:underline">
            {member.displayName}
          </Link>
          <RoleBadge role={member.role} />
        </p>
        <p className="text-muted text-sm">
          @{member.username} · since {dayOf(member.createdAt)}
        </p>
      </div>
      <div className="flex flex-wrap">
        {readerRole === 'owner' && member.role !== 'owner' && (
          <>
            <ActionButton disabled={busy} onClick={() => assign.mutate(member.role === 'moderator' ? 'member' : 'moderator')}>
              {member.role === 'moderator' ? 'Make member' : 'Make moderator'}
            </ActionButton>
            <ConfirmButton
              disabled={busy}
              question={`Give this sanctum to ${member.displayName}?`}
              consequence="They become its owner. Only they can give it back."
              confirm="Give it away"
              onConfirm={() => assign.mutate('owner')}
            >
              Make owner
            </ConfirmButton>
          </>
        )}
        {mayRemove && (
          <ConfirmButton
            disabled={busy}
            question={`Remove ${member.displayName}?`}
            consequence="They lose their place here; what they wrote stays."
            confirm="Remove member"
            onConfirm={() => remove.mutate()}
          >
            Remove
          </ConfirmButton>
        )}
      </div>
    </li>
  );
}
