import { afterEach, describe, expect, it } from 'vitest';
import { createMarkdownPool, type MarkdownPool, type MarkdownPoolOptions, type RenderOutcome } from './markdown-pool.ts';

const worker = new URL('../../test/text/worker-that-obeys.ts', import.meta.url);

const opened: MarkdownPool[] = [];
afterEach(async () => {
  for (const pool of opened.splice(0)) await pool.close();
});

function openPool(options?: MarkdownPoolOptions): MarkdownPool {
  const pool = createMarkdownPool(options);
  opened.push(pool);
  return pool;
}

describe('the pool that renders', () => {
  it('gives what the renderer gives, and leaves the event loop to others meanwhile', { timeout: 60_000 }, async () => {
    const pool = openPool({ deadlineMs: 60_000 });
    await pool.render('warm up', 1000);
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    const html = await Promise.all(Array.from({ length: 20 }, () => pool.render('1. 1. 1. 1. a\n\n'.repeat(2800), 262_144)));
    clearInterval(ticking);
    expect(html[0]).toContain('<ol>');
    expect(turns).toBeGreaterThan(10);
  });

  it('ends a text that takes too long, and goes on with the next', { timeout: 60_000 }, async () => {
    const outcomes: RenderOutcome[] = [];
    const pool = openPool({ worker, deadlineMs: 5000, onRender: (outcome) => outcomes.push(outcome) });
    await expect(pool.render('spin', 1000)).rejects.toMatchObject({ code: 'text.too_costly' });
    expect(await pool.render('next', 1000)).toBe('<p>next</p>');
    expect(outcomes).toEqual(['too-costly', 'rendered']);
  });

  it('ends a text that takes too much memory', { timeout: 120_000 }, async () => {
    const pool = openPool({ worker, deadlineMs: 100_000 });
    await expect(pool.render('hoard', 1000)).rejects.toMatchObject({ code: 'text.too_costly' });
    expect(await pool.render('next', 1000)).toBe('<p>next</p>');
  });

  it('turns away at once what does not fit into the queue, and says when to come back', { timeout: 60_000 }, async () => {
    const pool = openPool({ worker, deadlineMs: 5000, queueMax: 2 });
    const results = await Promise.allSettled(Array.from({ length: 40 }, () => pool.render('spin', 1000)));
    const codes = results.map((result) => (result.status === 'rejected' ? (result.reason as { code: string }).code : 'rendered'));
    expect(codes.filter((code) => code === 'server.busy').length).toBeGreaterThan(30);
    expect(codes).toContain('text.too_costly');
    expect(codes).not.toContain('rendered');
  });

  it('passes on a mistake of the renderer as it is', async () => {
    const pool = openPool({ worker, deadlineMs: 60_000 });
    await expect(pool.render('throw', 1000)).rejects.toThrow('a mistake');
  });
});
