import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { liftBan, withdrawInvitation } from '../../api/sdk.gen.ts';
import { Button } from '../../components/button.tsx';
import { PersonEmblem } from '../../components/emblem.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { PersonName } from '../../components/person-name.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { dayOf } from '../../lib/format.ts';
import { toProblem } from '../../lib/problem.ts';
import { useServices } from '../../lib/services.tsx';
import { bansOptions, invitationsOptions, refreshPeopleOf } from './invitation-queries.ts';

interface SectionProps {
  readonly title: string;
  readonly query: Parameters<typeof LoadMore>[0]['query'] & { readonly data: unknown; readonly refetch: () => Promise<unknown> };
  readonly count: number;
  readonly children: ReactNode;
}

/** Nothing at all while there is nobody to show. */
function Section({ title, query, count, children }: SectionProps) {
  if (query.data === undefined && query.error !== null) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  if (count === 0) return null;
  return (
    <section className="mt-8">
      <h2 className="mb-3 text-lg font-semibold">{title}</h2>
      <ul className="border-line bg-surface divide-line divide-y rounded-2xl border">{children}</ul>
      {query.hasNextPage && <LoadMore query={query} label="Load more" end="" />}
    </section>
  );
}

interface PersonRowProps {
  readonly person: { readonly username: string; readonly displayName: string };
  readonly detail: string;
  readonly action: string;
  readonly sanctumName: string;
  readonly done: string;
  readonly onAct: () => Promise<unknown>;
}

function PersonRow({ person, detail, action, sanctumName, done, onAct }: PersonRowProps) {
  const { queryClient, notices } = useServices();
  const act = useMutation({
    mutationFn: onAct,
    onSuccess: async () => {
      notices.show({ tone: 'good', text: done });
      await refreshPeopleOf(queryClient, sanctumName);
    },
    onError: (error) => notices.show({ tone: 'bad', text: toProblem(error).message, detail: toProblem(error).fix }),
  });
  return (
    <li className="flex flex-wrap items-center gap-3 p-3 sm:px-5">
      <PersonEmblem name={person.username} size="medium" />
      <div className="min-w-0 flex-1">
        <p>
          <PersonName person={person} />
        </p>
        <p className="text-muted text-sm">{detail}</p>
      </div>
      <Button look="outline" busy={act.isPending} aria-label={`${action}: @${person.username}`} onClick={() => act.mutate()}>
        {action}
      </Button>
    </li>
  );
}

/** For the owner and moderators: who was asked and has not answered, and who is kept out. */
export function WaitingPeople({ sanctumName }: { sanctumName: string }) {
  const invitations = useInfiniteQuery(invitationsOptions(sanctumName));
  const bans = useInfiniteQuery(bansOptions(sanctumName));
  const invited = invitations.data?.pages.flatMap((page) => page.items) ?? [];
  const banned = bans.data?.pages.flatMap((page) => page.items) ?? [];
  const pathOf = (username: string) => ({ path: { name: sanctumName, username } });
  return (
    <>
      <Section title="Invited, not answered yet" query={invitations} count={invited.length}>
        {invited.map((invitation) => (
          <PersonRow
            key={invitation.username}
            person={invitation}
            detail={`as ${invitation.role} · by @${invitation.invitedBy.username} · ${dayOf(invitation.createdAt)}`}
            action="Withdraw"
            sanctumName={sanctumName}
            done={`The invitation of @${invitation.username} is withdrawn.`}
            onAct={() => withdrawInvitation(pathOf(invitation.username))}
          />
        ))}
      </Section>
      <Section title="Banned" query={bans} count={banned.length}>
        {banned.map((ban) => (
          <PersonRow
            key={ban.username}
            person={ban}
            detail={`since ${dayOf(ban.createdAt)}`}
            action="Lift ban"
            sanctumName={sanctumName}
            done={`@${ban.username} may come back.`}
            onAct={() => liftBan(pathOf(ban.username))}
          />
        ))}
      </Section>
    </>
  );
}
