import { useMutation } from '@tanstack/react-query';
import { invitePerson, removeMember, setMember } from '../../api/sdk.gen.ts';
import { ActionButton } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { PersonEmblem } from '../../components/emblem.tsx';
import { PersonName } from '../../components/person-name.tsx';
import { dayOf } from '../../lib/format.ts';
import type { Member, SanctumRole } from '../../lib/model.ts';
import { toProblem } from '../../lib/problem.ts';
import { useServices } from '../../lib/services.tsx';
import { refreshPeopleOf } from './invitation-queries.ts';
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
    onSuccess: () => refreshPeopleOf(queryClient, sanctumName),
    onError: (error: unknown) => notices.show({ tone: 'bad', text: toProblem(error).message, detail: toProblem(error).fix }),
  };
  const assign = useMutation({ mutationFn: (role: 'moderator' | 'member') => setMember({ path, body: { role } }), ...settle });
  const offer = useMutation({ mutationFn: () => invitePerson({ path, body: { role: 'owner' } }), ...settle });
  const remove = useMutation({ mutationFn: () => removeMember({ path }), ...settle });
  const busy = assign.isPending || offer.isPending || remove.isPending;
  const mayRemove = member.role !== 'owner' && (readerRole === 'owner' || (readerRole === 'moderator' && member.role === 'member'));
  return (
    <li className="flex flex-wrap items-center gap-3 p-3 sm:px-5">
      <PersonEmblem name={member.username} size="medium" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <PersonName person={member} />
          <RoleBadge role={member.role} />
        </p>
        <p className="text-muted text-sm">since {dayOf(member.createdAt)}</p>
      </div>
      <div className="flex flex-wrap">
        {readerRole === 'owner' && member.role !== 'owner' && (
          <>
            <ActionButton disabled={busy} onClick={() => assign.mutate(member.role === 'moderator' ? 'member' : 'moderator')}>
              {member.role === 'moderator' ? 'Make member' : 'Make moderator'}
            </ActionButton>
            <ConfirmButton
              disabled={busy}
              question={`Offer this sanctum to @${member.username}?`}
              consequence="When they accept, it is theirs and you become a moderator. Only they can give it back."
              confirm="Offer it"
              onConfirm={() => offer.mutate()}
            >
              Offer ownership
            </ConfirmButton>
          </>
        )}
        {mayRemove && (
          <ConfirmButton
            disabled={busy}
            question={`Remove @${member.username}?`}
            consequence="They lose their place here and do not come back until the ban is lifted; what they wrote stays."
            confirm="Remove and ban"
            onConfirm={() => remove.mutate()}
          >
            Remove
          </ConfirmButton>
        )}
      </div>
    </li>
  );
}
