import type { FeatureExpectations } from '../../../test/access/beside-features.ts';
import { type Expectation, everyone, hidden, type Objects, outside, signedIn } from '../../../test/access/rows.ts';

const comments = ({ postId }: Objects) => `/api/posts/${postId}/comments`;
const comment = ({ commentId }: Objects) => `/api/comments/${commentId}`;
const mayDelete = { admin: 204, author: 204, moderator: 204, owner: 204 } as const;
const likeComment: Expectation = {
  url: (o) => `${comment(o)}/like`,
  public: signedIn(200),
  private: signedIn(200, outside('comment.not_found')),
};

export default {
  access: {
    listComments: {
      url: comments,
      public: everyone(200),
      private: { ...everyone(200), ...hidden('post.not_found') },
    },
    createComment: {
      url: comments,
      payload: () => ({ body: 'Written' }),
      public: signedIn(201),
      private: signedIn(201, outside('post.not_found')),
    },
    updateComment: {
      url: comment,
      payload: () => ({ body: 'Changed' }),
      public: signedIn('access.denied', { author: 200 }),
      private: signedIn('access.denied', { ...outside('comment.not_found'), author: 200 }),
    },
    deleteComment: {
      url: comment,
      public: signedIn('access.denied', mayDelete),
      private: signedIn('access.denied', { stranger: 'comment.not_found', ...mayDelete }),
    },
    likeComment,
    unlikeComment: likeComment,
  },
  constraintBugs: {
    comments_body_length: 'the shape of the API refuses such a value first',
    comments_child_count_not_negative: 'the statement that writes it counts, bounds or chooses the value',
    comments_depth_bounded: 'the statement that writes it counts, bounds or chooses the value',
    comments_like_count_not_negative: 'the statement that writes it counts, bounds or chooses the value',
    comments_root_has_no_parent: 'the statement that writes it counts, bounds or chooses the value',
    comments_body_html_bytes: 'the renderer bounds what it makes',
    comment_likes_pkey: 'the key is generated, or the statement says what a second row does',
    comments_pkey: 'the key is generated, or the statement says what a second row does',
    comments_post_id_id_unique: 'the key is generated, or the statement says what a second row does',
    fk_comment_likes_comment: 'the statement locks or makes the row that it points at',
    fk_comments_parent: 'the statement locks or makes the row that it points at',
    fk_comments_post: 'the statement locks or makes the row that it points at',
  },
  hidesNobody: {
    'comments.lock_for_deletion': 'own words, which their author and moderators may always delete',
    'comments.entomb': 'own words, which their author and moderators may always delete',
    'comments.remove_leaf': 'own words, which their author and moderators may always delete',
    'comments.uncount': 'own words, which their author and moderators may always delete',
  },
} satisfies FeatureExpectations;
