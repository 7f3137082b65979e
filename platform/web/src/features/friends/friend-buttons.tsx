import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { inBackground } from '../../lib/in-background.ts';
import type { Friendship } from '../../lib/model.ts';
import { useBlock, useFriendActions } from './friend-actions.ts';
import { friendshipOptions } from './friend-queries.ts';

/** What the reader can do about the person whose page this is. */
export function FriendButtons({ username }: { username: string }) {
  const query = useQuery(friendshipOptions(username));
  const navigate = useNavigate();
  const block = useBlock(username, () => inBackground(navigate({ to: '/friends' })));
  return (
    <div className="mt-4 flex flex-wrap items-center gap-2">
      {query.data !== undefined && <FriendshipButtons username={username} state={query.data.state} />}
      <ConfirmButton
        disabled={block.isPending}
        question={`Block @${username}?`}
        consequence="You no longer see each other anywhere: no posts, comments or messages, and no friendship. They are not told. What both wrote stays for everyone else."
        confirm="Block"
        onConfirm={() => block.mutate()}
      >
        Block
      </ConfirmButton>
    </div>
  );
}

function FriendshipButtons({ username, state }: { username: string; state: Friendship['state'] }) {
  const { ask, cancel, remove } = useFriendActions(username);
  if (state === 'friends')
    return (
      <>
        <p className="bg-accent-soft text-accent rounded-full px-3 py-1.5 font-semibold">Friends</p>
        <ConfirmButton
          disabled={remove.isPending}
          question={`Remove @${username} from your friends?`}
          consequence="They are not told. To be friends again, one of you has to ask."
          confirm="Remove"
          onConfirm={() => remove.mutate()}
        >
          Remove friend
        </ConfirmButton>
      </>
    );
  if (state === 'received') return <AnswerButtons username={username} />;
  if (state === 'sent')
    return (
      <Button look="outline" busy={cancel.isPending} onClick={() => cancel.mutate()}>
        Take request back
      </Button>
    );
  return (
    <Button busy={ask.isPending} onClick={() => ask.mutate()}>
      Add friend
    </Button>
  );
}

/** Accept or decline what a person asks. */
export function AnswerButtons({ username }: { username: string }) {
  const { accept, decline } = useFriendActions(username);
  const busy = accept.isPending || decline.isPending;
  return (
    <>
      <Button disabled={busy} busy={accept.isPending} aria-label={`Accept the request of @${username}`} onClick={() => accept.mutate()}>
        Accept
      </Button>
      <Button
        look="outline"
        disabled={busy}
        busy={decline.isPending}
        aria-label={`Decline the request of @${username}`}
        onClick={() => decline.mutate()}
      >
        Decline
      </Button>
    </>
  );
}
