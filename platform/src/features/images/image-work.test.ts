import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { createImageWork, type ImageWork } from './image-work.ts';

let work: ImageWork;
let noise: Buffer;
beforeAll(async () => {
  // Made before the loaders are restricted, which holds for the whole process.
  noise = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#caa472' } })
    .withMetadata({ orientation: 6 })
    .withExif({ IFD0: { Copyright: 'Ada', Make: 'Camera of Ada' } })
    .jpeg()
    .toBuffer();
  work = createImageWork();
});

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = (c & 1) === 1 ? (0xedb88320 ^ (c >>> 1)) >>> 0 : c >>> 1;
  return c >>> 0;
});
function crc(bytes: Buffer): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = ((crcTable[(c ^ byte) & 255] ?? 0) ^ (c >>> 8)) >>> 0;
  return (c ^ 0xffffffff) >>> 0;
}
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A PNG of one colour, small on the wire however many pixels it says it has. */
function bomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(height * (1 + Math.ceil(width / 8))), { level: 9 });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('a picture', () => {
  test('is written anew, upright and without what the camera told', async () => {
    expect(noise.includes('Camera of Ada')).toBe(true);
    const kept = await work.rewrite(noise);
    expect([kept.width, kept.height]).toEqual([200, 300]);
    const bytes = Buffer.from(kept.bytes);
    expect(bytes.subarray(0, 4).toString()).toBe('RIFF');
    expect(bytes.includes('Camera of Ada')).toBe(false);
    expect(bytes.includes('EXIF')).toBe(false);
  });

  test('is no larger than a screen shows', async () => {
    const kept = await work.rewrite(bomb(5000, 2000));
    expect([kept.width, kept.height]).toEqual([2048, 819]);
  });

  test('of fifty million pixels is refused before it is decoded, small as it is on the wire', async () => {
    const bytes = bomb(10_000, 5000);
    expect(bytes.length).toBeLessThan(100_000);
    const before = process.memoryUsage().rss;
    await expect(work.rewrite(bytes)).rejects.toMatchObject({ code: 'image.too_many_pixels' });
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024);
    await expect(work.rewrite(bomb(2 ** 20, 2 ** 10 + 1))).rejects.toMatchObject({ code: 'image.too_many_pixels' });
  });

  test.each([
    ['a text', Buffer.from('This is not a picture, whatever its name says.')],
    ['nothing', Buffer.alloc(0)],
    ['a drawing that can run scripts', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')],
    ['a document', Buffer.from('%PDF-1.7\n')],
    ['the head of a PNG and nothing behind it', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['half a PNG', bomb(400, 400).subarray(0, 60)],
    ['a JPEG in name', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(200)])],
  ])('%s is none', async (_what, bytes) => {
    await expect(work.rewrite(bytes)).rejects.toMatchObject({ code: 'image.not_one' });
  });

  test('waits for its turn, and too many are sent away', async () => {
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => work.rewrite(noise)));
    const refused = all.filter((one) => one.status === 'rejected');
    expect(refused.length).toBe(12);
    for (const one of refused) expect(one.reason).toMatchObject({ code: 'server.busy' });
    await expect(work.rewrite(noise)).resolves.toMatchObject({ width: 200 });
  });
});
