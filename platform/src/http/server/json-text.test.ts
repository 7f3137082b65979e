import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { sendJsonText } from './json-text.ts';

const texts = { ASCII: '{"name":"Ada"}', 'Latin-1': '{"name":"Zoë"}', 'the rest of Unicode': '{"name":"Zoë 🎲 漢字"}', nothing: '' };

test.each(Object.entries(texts))('text of %s and its bytes leave as the same UTF-8, with their length', async (_name, text) => {
  const app = fastify();
  app.get('/text', async (_request, reply) => sendJsonText(reply, text));
  app.get('/bytes', async (_request, reply) => sendJsonText(reply, Buffer.from(text)));
  for (const url of ['/text', '/bytes']) {
    const answer = await app.inject(url);
    expect(answer.rawPayload.equals(Buffer.from(text))).toBe(true);
    expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(text)));
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  }
  await app.close();
});
