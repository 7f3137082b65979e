import { Link } from '@tanstack/react-router';
import { SanctumEmblem } from '../../components/emblem.tsx';
import { PersonName } from '../../components/person-name.tsx';
import { Time } from '../../components/time.tsx';
import type { Post } from '../../lib/model.ts';

/** Where, by whom and when. In a sanctum's own feed the place goes without saying. */
export function PostMeta({ post, showSanctum }: { post: Post; showSanctum: boolean }) {
  return (
    <div className="text-muted flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
      {showSanctum && (
        <Link
          to="/s/$name"
          params={{ name: post.sanctum.name }}
          className="text-ink inline-flex items-center gap-2 font-semibold hover:underline"
        >
          <SanctumEmblem name={post.sanctum.name} />
          {post.sanctum.title}
        </Link>
      )}
      <span>
        by <PersonName person={post.author} className="hover:text-ink" />
      </span>
      <span className="whitespace-nowrap">
        <span aria-hidden="true">· </span>
        <Time iso={post.createdAt} />
      </span>
      {post.editedAt !== null && <span>(edited)</span>}
    </div>
  );
}
