import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settled } from '../../../test/harness/settled.ts';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import {
  type Comment,
  commentDepthMax,
  commentSchema,
  type CommentWindow,
  commentWindowBytesMax,
  commentWindowItemsMax,
  commentWindowSchema,
} from './comments.schema.ts';

let test: TestApp;
let owner: SignedUpUser;
let writer: SignedUpUser;
let stranger: SignedUpUser;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
const strictWindow = commentWindowSchema.extend({ items: commentSchema.strict().array() }).strict();

async function call(who: SignedUpUser | null, method: Method, url: string, payload?: object, headers: Record<string, string> = {}) {
  const response = await test.app.inject({
    method,
    url,
    headers: { ...who?.headers, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: response.statusCode, text: response.body, json: response.body === '' ? undefined : response.json() };
}

async function newPost(sanctum = 'open_place'): Promise<string> {
  const answer = await call(owner, 'POST', `/api/sanctums/${sanctum}/posts`, { kind: 'text', title: 'A thread' });
  expect(answer.status, answer.text).toBe(201);
  return answer.json.id;
}

async function comment(postId: string, parentId?: string, who = writer): Promise<Comment> {
  const answer = await call(who, 'POST', `/api/posts/${postId}/comments`, {
    body: '*Yes*',
    ...(parentId === undefined ? {} : { parentId }),
  });
  expect(answer.status, answer.text).toBe(201);
  return commentSchema.strict().parse(answer.json);
}

async function read(postId: string, query = '', who: SignedUpUser | null = writer): Promise<CommentWindow> {
  const answer = await call(who, 'GET', `/api/posts/${postId}/comments?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return strictWindow.parse(answer.json);
}

/** Follows every entry of "more" to its end. */
async function readAll(postId: string, sort: string): Promise<Comment[]> {
  const queue = [''];
  const found: Comment[] = [];
  for (let reads = 0; queue.length > 0; reads += 1) {
    if (reads > 500) throw new Error('the thread has no end');
    const window = await read(postId, `sort=${sort}${queue.shift()}`);
    found.push(...window.items);
    for (const { parentId, cursor, remaining } of window.more) {
      expect(remaining).toBeGreaterThan(0);
      queue.push(`${parentId === null ? '' : `&parentId=${parentId}`}&cursor=${cursor}`);
    }
  }
  return found;
}

beforeAll(async () => {
  test = await createTestApp({ environment: { RATE_LIMIT_FACTOR: '100' } });
  [owner, writer, stranger] = [await test.signUp('owner'), await test.signUp('writer'), await test.signUp('stranger')];
  for (const [name, visibility] of [
    ['open_place', 'public'],
    ['closed_place', 'private'],
  ])
    await call(owner, 'POST', '/api/sanctums', { name, title: 'A place', visibility });
});

afterAll(async () => {
  await test.close();
});

describe('commenting', () => {
  it('answers with the comment and counts it where it belongs', async () => {
    const post = await newPost();
    const root = await comment(post);
    expect(root).toMatchObject({
      parentId: null,
      depth: 0,
      body: '*Yes*',
      bodyHtml: '<p><em>Yes</em></p>\n',
      likeCount: 0,
      childCount: 0,
      liked: false,
      deleted: false,
      canEdit: true,
      canDelete: true,
    });
    const child = await comment(post, root.id, stranger);
    expect(child).toMatchObject({ parentId: root.id, depth: 1 });
    const { items, more } = await read(post);
    expect(items.map(({ id, childCount }) => [id, childCount])).toEqual([
      [root.id, 1],
      [child.id, 0],
    ]);
    expect(items.map(({ canEdit, canDelete }) => [canEdit, canDelete])).toEqual([
      [true, true],
      [false, false],
    ]);
    expect((await read(post, '', owner)).items.map(({ canDelete }) => canDelete)).toEqual([true, true]);
    expect(more).toEqual([]);
    expect((await call(null, 'GET', `/api/posts/${post}`)).json.commentCount).toBe(2);
  });

  it('is refused where there is nothing to answer', async () => {
    const post = await newPost();
    const elsewhere = await comment(await newPost());
    expect((await call(writer, 'POST', `/api/posts/${post}/comments`, { body: 'x', parentId: elsewhere.id })).json.code).toBe(
      'comment.not_found',
    );
    expect((await call(writer, 'POST', '/api/posts/999999/comments', { body: 'x' })).json.code).toBe('post.not_found');
    expect((await call(null, 'POST', `/api/posts/${post}/comments`, { body: 'x' })).json.code).toBe('auth.required');
    for (const body of ['', '   ', 'nul\u0000', 'x'.repeat(10_001)])
      expect((await call(writer, 'POST', `/api/posts/${post}/comments`, { body })).json.code).toBe('request.invalid');
    expect((await read(post)).items).toEqual([]);
  });

  it('in a private sanctum is for its members', async () => {
    const post = await newPost('closed_place');
    await comment(post, undefined, owner);
    for (const who of [writer, null]) expect((await call(who, 'GET', `/api/posts/${post}/comments`)).json.code).toBe('post.not_found');
    expect((await call(writer, 'POST', `/api/posts/${post}/comments`, { body: 'x' })).json.code).toBe('post.not_found');
  });

  it('ends at the greatest depth with a clear error', async () => {
    const post = await newPost();
    let parent: Comment | undefined;
    for (let depth = 0; depth <= commentDepthMax; depth += 1) parent = await comment(post, parent?.id);
    expect(parent?.depth).toBe(commentDepthMax);
    expect((await call(writer, 'POST', `/api/posts/${post}/comments`, { body: 'x', parentId: parent?.id })).json.code).toBe(
      'comment.too_deep',
    );
    expect(await readAll(post, 'new')).toHaveLength(commentDepthMax + 1);
  });

  it('keeps every count under 40 answers at once', async () => {
    const post = await newPost();
    const root = await comment(post);
    await Promise.all(Array.from({ length: 40 }, () => comment(post, root.id)));
    expect((await read(post)).items[0]?.childCount).toBe(40);
    expect((await call(null, 'GET', `/api/posts/${post}`)).json.commentCount).toBe(41);
  });

  it('happens once for one Idempotency-Key', async () => {
    const post = await newPost();
    const headers = { 'idempotency-key': 'comment-once-1' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => settled(() => call(writer, 'POST', `/api/posts/${post}/comments`, { body: 'Once' }, headers))),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await read(post)).items).toHaveLength(1);
  });
});

describe('a window of a thread', () => {
  it.each(['top', 'new'])('leads by "more" to every comment exactly once, sort %s', async (sort) => {
    const post = await newPost();
    const ids: string[] = [];
    for (let count = 0; count < 140; count += 1) {
      const parent = count % 3 === 0 ? undefined : ids[Math.floor(count / 7)];
      ids.push((await comment(post, parent)).id);
    }
    await test.client.query('update comments set like_count = (id * 7919) % 13 where post_id = $1', [post]);
    const first = await read(post, `sort=${sort}`);
    expect(first.items.length).toBeLessThan(140);
    expect(first.items.length).toBeLessThanOrEqual(commentWindowItemsMax);
    const found = await readAll(post, sort);
    expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  it('has parents before children and siblings in their order', async () => {
    const post = await newPost();
    const [a, b] = [await comment(post), await comment(post)];
    const [a1, a2, b1] = [await comment(post, a.id), await comment(post, a.id), await comment(post, b.id)];
    await call(owner, 'PUT', `/api/comments/${a.id}/like`);
    await call(owner, 'PUT', `/api/comments/${a1.id}/like`);
    expect((await read(post, 'sort=top')).items.map(({ id }) => id)).toEqual([a.id, a1.id, a2.id, b.id, b1.id]);
    expect((await read(post, 'sort=new')).items.map(({ id }) => id)).toEqual([b.id, b1.id, a.id, a2.id, a1.id]);
    expect((await read(post, `sort=new&parentId=${a.id}`)).items.map(({ id }) => id)).toEqual([a2.id, a1.id]);
    expect((await read(post, 'sort=top', owner)).items.map(({ liked }) => liked)).toEqual([true, true, false, false, false]);
  });

  it('takes back only its own cursors', async () => {
    const post = await newPost();
    for (let count = 0; count < 4; count += 1) await comment(post);
    const { more } = await read(post, 'limit=2');
    expect(more).toMatchObject([{ parentId: null, remaining: 2 }]);
    const cursor = more[0]?.cursor;
    expect((await read(post, `limit=2&cursor=${cursor}`)).items).toHaveLength(2);
    expect((await call(writer, 'GET', `/api/posts/${post}/comments?sort=new&cursor=${cursor}`)).json.code).toBe('cursor.foreign');
    expect((await call(owner, 'GET', `/api/posts/${post}/comments?cursor=${cursor}`)).json.code).toBe('cursor.foreign');
    expect((await call(writer, 'GET', `/api/posts/${await newPost()}/comments?cursor=${cursor}`)).json.code).toBe('cursor.foreign');
    expect((await call(writer, 'GET', `/api/posts/${post}/comments?cursor=x${cursor}`)).json.code).toBe('cursor.invalid');
    expect((await call(writer, 'GET', `/api/posts/${post}/comments?parentId=999999`)).json.code).toBe('comment.not_found');
  });

  it('is bounded in bytes, whatever the comments hold, and its cursors lead to all of them', async () => {
    const postId = await newPost();
    const body = 'http://a.bc '.repeat(830);
    const written = new Set<string>();
    for (let index = 0; index < 40; index += 1) {
      const answer = await call(writer, 'POST', `/api/posts/${postId}/comments`, {
        body,
        ...(index % 4 === 3 ? { parentId: [...written][index - 1] } : {}),
      });
      expect(answer.status, answer.text).toBe(201);
      expect(answer.json.bodyHtml.length).toBeGreaterThan(5 * body.length);
      written.add(answer.json.id);
    }
    const { text } = await call(null, 'GET', `/api/posts/${postId}/comments?limit=100`);
    expect(Buffer.byteLength(text)).toBeLessThan(2 * commentWindowBytesMax);
    for (const sort of ['new', 'top']) {
      const found = await readAll(postId, sort);
      expect(found.map(({ id }) => id).toSorted()).toEqual([...written].toSorted());
    }
  });
});

describe('changing and deleting a comment', () => {
  it('is for its author, and deleting also for those who moderate', async () => {
    const mine = await comment(await newPost());
    expect((await call(writer, 'PATCH', `/api/comments/${mine.id}`, { body: 'No' })).json).toMatchObject({
      body: 'No',
      bodyHtml: '<p>No</p>\n',
    });
    for (const other of [owner, stranger])
      expect((await call(other, 'PATCH', `/api/comments/${mine.id}`, { body: 'x' })).json.code).toBe('access.denied');
    expect((await call(stranger, 'DELETE', `/api/comments/${mine.id}`)).json.code).toBe('access.denied');
    expect((await call(owner, 'DELETE', `/api/comments/${mine.id}`)).status).toBe(204);
    expect((await call(owner, 'DELETE', `/api/comments/${mine.id}`)).json.code).toBe('comment.not_found');
  });

  it('keeps the place of one with answers, without a word of it, and clears the rest when the last answer goes', async () => {
    const post = await newPost();
    const root = await comment(post);
    const middle = await comment(post, root.id);
    const leaf = await comment(post, middle.id);
    await call(owner, 'PUT', `/api/comments/${middle.id}/like`);
    for (const { id } of [root, middle]) expect((await call(writer, 'DELETE', `/api/comments/${id}`)).status).toBe(204);
    const { items } = await read(post);
    expect(
      items.map(({ id, deleted, author, body, bodyHtml, likeCount }) => ({
        id,
        deleted,
        author: author?.username,
        body,
        bodyHtml,
        likeCount,
      })),
    ).toEqual([
      { id: root.id, deleted: true, author: undefined, body: '', bodyHtml: '', likeCount: 0 },
      { id: middle.id, deleted: true, author: undefined, body: '', bodyHtml: '', likeCount: 0 },
      { id: leaf.id, deleted: false, author: 'writer', body: '*Yes*', bodyHtml: '<p><em>Yes</em></p>\n', likeCount: 0 },
    ]);
    expect((await call(null, 'GET', `/api/posts/${post}`)).json.commentCount).toBe(1);
    expect((await call(writer, 'POST', `/api/posts/${post}/comments`, { body: 'x', parentId: middle.id })).json.code).toBe(
      'comment.not_found',
    );
    expect((await call(owner, 'PUT', `/api/comments/${middle.id}/like`)).json.code).toBe('comment.not_found');
    expect((await call(writer, 'DELETE', `/api/comments/${leaf.id}`)).status).toBe(204);
    expect((await read(post)).items).toEqual([]);
    expect((await call(null, 'GET', `/api/posts/${post}`)).json.commentCount).toBe(0);
    const left = await test.client.query('select from comments where post_id = $1', [post]);
    expect(left.rowCount).toBe(0);
  });

  it('while others answer loses no answer and keeps the counts', async () => {
    const post = await newPost();
    for (let round = 0; round < 10; round += 1) {
      const root = await comment(post);
      const answers = [
        call(writer, 'DELETE', `/api/comments/${root.id}`),
        call(stranger, 'POST', `/api/posts/${post}/comments`, { body: 'x', parentId: root.id }),
      ];
      expect((await Promise.all(answers)).map(({ status }) => status).filter((status) => ![201, 204, 404].includes(status))).toEqual([]);
    }
    const wrong = await test.client.query(
      `select from comments p where p.post_id = $1 and p.child_count <> (select count(*) from comments c where c.parent_id = p.id)
       union all
       select from post_ranks r where r.post_id = $1 and r.comment_count <> (select count(*) from comments c where c.post_id = $1 and c.deleted_at is null)`,
      [post],
    );
    expect(wrong.rowCount).toBe(0);
  });
});
