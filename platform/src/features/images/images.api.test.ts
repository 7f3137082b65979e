import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, block, foundGroup, openDirect, read, say } from '../../../test/harness/chat.ts';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { sweepImages } from './image-sweep.ts';

let host: TestApp;
let ada: SignedUpUser;
let ben: SignedUpUser;
let picture: Buffer;
beforeAll(async () => {
  // Made before the loaders are restricted, which holds for the whole process.
  picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#7a5230' } })
    .withExif({ IFD0: { Make: 'Camera of Ada' } })
    .png()
    .toBuffer();
  host = await createTestApp({ environment: { RATE_LIMIT_FACTOR: '1000' } });
  ada = await host.signUp();
  ben = await host.signUp();
});
afterAll(() => host.close());

interface Kept {
  readonly id: string;
  readonly url: string;
}

async function upload(person: SignedUpUser, conversationId: string, bytes: Buffer, type = 'image/png') {
  return host.app.inject({
    method: 'POST',
    url: `/api/conversations/${conversationId}/images`,
    headers: { ...person.headers, 'content-type': type },
    payload: bytes,
  });
}

async function keep(person: SignedUpUser, conversationId: string): Promise<Kept> {
  const response = await upload(person, conversationId, picture);
  expect(response.statusCode, response.body).toBe(201);
  return response.json();
}

const look = (person: SignedUpUser | undefined, url: string) =>
  host.app.inject({ url, ...(person === undefined ? {} : { headers: person.headers }) });
const fileOf = (id: string) => join(tmpdir(), 'sanctum-test-files', id.slice(0, 2), id);
const sweep = () => sweepImages(host.db, host.app.files, AbortSignal.timeout(20_000));

describe('a picture', () => {
  test('is sent in a message, and shown to who is there with headers that keep it a picture', async () => {
    const id = await openDirect(host, ada, ben);
    const kept = await keep(ada, id);
    expect((await look(ben, kept.url)).json().code).toBe('image.not_found');
    expect((await look(ada, kept.url)).statusCode).toBe(200);
    await ask(host, ada, 'POST', `/api/conversations/${id}/messages`, { clientId: crypto.randomUUID(), imageId: kept.id });
    expect((await read(host, ben, id)).items.at(-1)).toMatchObject({
      body: '',
      image: { id: kept.id, url: kept.url, width: 64, height: 48 },
    });
    const shown = await look(ben, kept.url);
    expect(shown.headers).toMatchObject({
      'content-type': 'image/webp',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'cache-control': 'private, max-age=31536000, immutable',
    });
    expect(shown.rawPayload.subarray(0, 4).toString()).toBe('RIFF');
    expect(shown.rawPayload.includes('Camera of Ada')).toBe(false);
  });

  test('is there for nobody else: strangers, people who are hidden, and nobody at all', async () => {
    const [owner, one, other] = [await host.signUp(), await host.signUp(), await host.signUp()];
    const id = await foundGroup(host, owner, one, other);
    const kept = await keep(one, id);
    await say(host, one, id, 'Look', { imageId: kept.id });
    expect((await look(other, kept.url)).statusCode).toBe(200);
    expect((await look(ada, kept.url)).json().code).toBe('image.not_found');
    expect((await look(undefined, kept.url)).json().code).toBe('auth.required');
    expect((await upload(ada, id, picture)).json().code).toBe('conversation.not_found');
    const elsewhere = await openDirect(host, one, ada);
    expect((await look(ada, kept.url.replace(`/${id}/`, `/${elsewhere}/`))).json().code).toBe('image.not_found');
    await block(host, one, other);
    expect((await look(other, kept.url)).json().code).toBe('image.not_found');
  });

  test('is sent once, by who uploaded it, where they uploaded it', async () => {
    const id = await openDirect(host, ada, ben);
    const kept = await keep(ada, id);
    const send = (person: SignedUpUser, where: string, expected: number | string) =>
      ask(host, person, 'POST', `/api/conversations/${where}/messages`, { clientId: crypto.randomUUID(), imageId: kept.id }, expected);
    await send(ben, id, 'image.not_found');
    await send(ada, await openDirect(host, ada, await host.signUp()), 'image.not_found');
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        host.app.inject({
          method: 'POST',
          url: `/api/conversations/${id}/messages`,
          headers: ada.headers,
          payload: { clientId: crypto.randomUUID(), imageId: kept.id },
        }),
      ),
    );
    expect(answers.map((one) => one.statusCode).toSorted()).toEqual([201, 404, 404, 404, 404]);
  });

  test.each([
    ['a text called a PNG', Buffer.from('just words'), 'image/png', 'image.not_one'],
    ['nothing', Buffer.alloc(0), 'image/png', 'image.not_one'],
    ['a page', Buffer.from('<html><script>1</script>'), 'text/html', 'request.unsupported_media_type'],
    ['more than ten megabytes', Buffer.alloc(10 * 1024 * 1024 + 1), 'image/png', 'request.body_too_large'],
  ])('that is %s is refused, and nothing stays', async (_what, bytes, type, code) => {
    const id = await openDirect(host, ada, ben);
    expect((await upload(ada, id, bytes, type)).json().code).toBe(code);
    const { rows } = await host.client.query(
      `select count(*)::integer as count from conversation_images where released_at is null and bytes is null`,
    );
    expect(rows).toEqual([{ count: 0 }]);
  });

  test('sent to a route that takes JSON is refused', async () => {
    const response = await host.app.inject({
      method: 'POST',
      url: '/api/sanctums',
      headers: { ...ada.headers, 'content-type': 'image/png' },
      payload: picture,
    });
    expect(response.json().code).toBe('request.unsupported_media_type');
  });
});

describe('the sweep', () => {
  test('removes the file of a deleted message and of what was never sent, and leaves the others', async () => {
    const id = await openDirect(host, ada, ben);
    const [sent, deleted, unused, fresh] = [await keep(ada, id), await keep(ada, id), await keep(ada, id), await keep(ada, id)];
    await say(host, ada, id, 'Stays', { imageId: sent.id });
    const gone = await say(host, ada, id, 'Goes', { imageId: deleted.id });
    await ask(host, ada, 'DELETE', `/api/conversations/${id}/messages/${gone.id}`, undefined, 204);
    expect((await look(ada, deleted.url)).json().code).toBe('image.not_found');
    await host.client.query(`update conversation_images set created_at = now() - interval '61 minutes' where id = $1`, [unused.id]);
    expect([sent, deleted, unused, fresh].map((one) => existsSync(fileOf(one.id)))).toEqual([true, true, true, true]);
    await sweep();
    expect([sent, deleted, unused, fresh].map((one) => existsSync(fileOf(one.id)))).toEqual([true, false, false, true]);
    const { rows } = await host.client.query(`select id from conversation_images where id = any ($1::uuid[]) order by created_at`, [
      [sent.id, deleted.id, unused.id, fresh.id],
    ]);
    expect(rows).toHaveLength(2);
    await sweep();
    expect((await look(ben, sent.url)).statusCode).toBe(200);
  });

  test('goes on with what another run did not finish', async () => {
    const id = await openDirect(host, ada, ben);
    const kept = await keep(ada, id);
    await host.client.query(`update conversation_images set released_at = now() where id = $1`, [kept.id]);
    await host.app.files.remove(kept.id);
    await sweep();
    const { rows } = await host.client.query(`select id from conversation_images where id = $1`, [kept.id]);
    expect(rows).toEqual([]);
  });
});
