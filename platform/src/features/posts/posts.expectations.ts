import type { FeatureExpectations } from '../../../test/access/beside-features.ts';
import { type Expectation, everyone, hidden, type Objects, outside, signedIn } from '../../../test/access/rows.ts';

const post = ({ postId }: Objects) => `/api/posts/${postId}`;
const mayDelete = { admin: 204, author: 204, moderator: 204, owner: 204 } as const;
const likePost: Expectation = { url: (o) => `${post(o)}/like`, public: signedIn(200), private: signedIn(200, outside('post.not_found')) };

export default {
  access: {
    getPost: {
      url: post,
      public: everyone(200),
      private: { ...everyone(200), ...hidden('post.not_found') },
    },
    updatePost: {
      url: post,
      payload: () => ({ title: 'Changed' }),
      public: signedIn('access.denied', { author: 200 }),
      private: signedIn('access.denied', { ...outside('post.not_found'), author: 200 }),
    },
    deletePost: {
      url: post,
      public: signedIn('access.denied', mayDelete),
      private: signedIn('access.denied', { stranger: 'post.not_found', ...mayDelete }),
    },
    likePost,
    unlikePost: likePost,
  },
  constraintBugs: {
    posts_body_length: 'the shape of the API refuses such a value first',
    posts_kind_known: 'the shape of the API refuses such a value first',
    posts_link_has_url: 'the shape of the API refuses such a value first',
    posts_title_length: 'the shape of the API refuses such a value first',
    posts_url_length: 'the shape of the API refuses such a value first',
    post_ranks_comment_count_not_negative: 'the statement that writes it counts, bounds or chooses the value',
    post_ranks_like_count_not_negative: 'the statement that writes it counts, bounds or chooses the value',
    posts_body_html_bytes: 'the renderer bounds what it makes',
    post_likes_pkey: 'the key is generated, or the statement says what a second row does',
    post_rank_changes_pkey: 'the key is generated, or the statement says what a second row does',
    post_ranks_pkey: 'the key is generated, or the statement says what a second row does',
    posts_pkey: 'the key is generated, or the statement says what a second row does',
    fk_post_likes_post: 'the statement locks or makes the row that it points at',
    fk_post_rank_changes_post: 'the statement locks or makes the row that it points at',
    fk_post_ranks_post: 'the statement locks or makes the row that it points at',
    fk_post_ranks_sanctum: 'the statement locks or makes the row that it points at',
    fk_posts_sanctum: 'the statement locks or makes the row that it points at',
  },
  hiddenProbes: {
    likePost: [{ method: 'PUT', url: (_name, postId) => `/api/posts/${postId}/like` }],
    unlikePost: [{ method: 'DELETE', url: (_name, postId) => `/api/posts/${postId}/like` }],
  },
  hidesNobody: { 'posts.delete': 'own words, which their author and moderators may always delete' },
} satisfies FeatureExpectations;
