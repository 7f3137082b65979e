import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { acceptInvitation, declineInvitation } from '../../api/sdk.gen.ts';
import { Button } from '../../components/button.tsx';
import { SanctumEmblem } from '../../components/emblem.tsx';
import { PersonName } from '../../components/person-name.tsx';
import { dayOf } from '../../lib/format.ts';
import type { MyInvitation } from '../../lib/model.ts';
import { toProblem } from '../../lib/problem.ts';
import { useServices } from '../../lib/services.tsx';
import { myInvitationsOptions } from './invitation-queries.ts';
import { applySanctum } from './sanctum-queries.ts';

const offers = { member: 'a place as a member', moderator: 'the role of a moderator', owner: 'the ownership: it becomes yours' } as const;

/** Accept or decline: nothing happens before. */
export function InvitationCard({ invitation }: { invitation: MyInvitation }) {
  const { queryClient, notices } = useServices();
  const { sanctum, role, invitedBy } = invitation;
  const path = { name: sanctum.name };
  const answered = () => queryClient.invalidateQueries({ queryKey: myInvitationsOptions.queryKey });
  const onError = async (error: unknown) => {
    notices.show({ tone: 'bad', text: toProblem(error).message, detail: toProblem(error).fix });
    await answered();
  };
  const accept = useMutation({
    mutationFn: () => acceptInvitation({ path }),
    onSuccess: async (changed) => {
      notices.show({ tone: 'good', text: `You are in ${changed.title} now.` });
      await Promise.all([applySanctum(queryClient, changed), answered()]);
    },
    onError,
  });
  const decline = useMutation({ mutationFn: () => declineInvitation({ path }), onSuccess: answered, onError });
  const busy = accept.isPending || decline.isPending;
  return (
    <li className="border-line bg-surface flex flex-wrap items-start gap-4 rounded-2xl border p-4">
      <SanctumEmblem name={sanctum.name} size="medium" />
      <div className="min-w-0 flex-1 basis-60">
        <h2 className="text-lg font-semibold break-words">
          <Link to="/s/$name" params={path} className="hover:text-accent">
            {sanctum.title}
          </Link>
        </h2>
        <p className="text-muted text-sm">
          s/{sanctum.name} · {sanctum.visibility} · {dayOf(invitation.createdAt)}
        </p>
        <p className="mt-1">
          <PersonName person={invitedBy} /> offers you {offers[role]}.
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button
          disabled={busy}
          busy={accept.isPending}
          aria-label={`Accept the invitation to ${sanctum.title}`}
          onClick={() => accept.mutate()}
        >
          Accept
        </Button>
        <Button
          look="outline"
          disabled={busy}
          busy={decline.isPending}
          aria-label={`Decline the invitation to ${sanctum.title}`}
          onClick={() => decline.mutate()}
        >
          Decline
        </Button>
      </div>
    </li>
  );
}
