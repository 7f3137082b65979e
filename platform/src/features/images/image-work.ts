/**
 * Pictures as people send them, judged by what is in them and written anew: what leaves is a still WebP of our own making, without
 * metadata, turned upright, no larger than a screen shows. Bounded on every side: bytes before they are looked at, pixels before they are
 * decoded, one at a time and a few that wait, seconds for each. Only the loaders of four formats are there at all.
 */
import type Sharp from 'sharp';
import { AppError } from '../../errors.ts';

export const imageBytesMax = 10 * 1024 * 1024;
export const imagePixelsMax = 25_000_000;
/** The longer side of what is kept. */
const sideMax = 2048;
const quality = 80;
const waitingMax = 8;
const secondsMax = 10;

export interface KeptImage {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface ImageWork {
  /** Throws `image.not_one`, `image.too_many_pixels`, `server.busy`. */
  rewrite(bytes: Uint8Array): Promise<KeptImage>;
}

type Format = 'jpeg' | 'png' | 'webp' | 'gif';

export function createImageWork(): ImageWork {
  let sharp: Promise<typeof Sharp> | undefined;
  /** One after the other; each waits for the one before. At most `waitingMax`. */
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  return {
    async rewrite(bytes) {
      if (formatOf(bytes) === undefined) throw new AppError('image.not_one');
      if (waiting >= waitingMax) throw new AppError('server.busy', { retryAfterSeconds: 2 });
      waiting += 1;
      sharp ??= loadSharp();
      const load = sharp;
      const turn = last.then(async () => rewriteNow(await load, bytes));
      // What one picture did wrong is nothing to the next.
      last = turn.catch(() => undefined);
      try {
        return await turn;
      } finally {
        waiting -= 1;
      }
    },
  };
}

/** Loaded with the first picture: the library is large. */
async function loadSharp(): Promise<typeof Sharp> {
  const { default: sharp } = await import('sharp');
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer', 'VipsForeignLoadNsgifBuffer'],
  });
  return sharp;
}

async function rewriteNow(sharp: typeof Sharp, bytes: Uint8Array): Promise<KeptImage> {
  const open = () => sharp(bytes, { limitInputPixels: imagePixelsMax, sequentialRead: true, failOn: 'error', pages: 1 });
  const { width, height } = await orNotOne(open().metadata());
  if (width * height > imagePixelsMax) throw new AppError('image.too_many_pixels');
  const { data, info } = await orNotOne(
    open()
      .timeout({ seconds: secondsMax })
      .autoOrient()
      .resize({ width: sideMax, height: sideMax, fit: 'inside', withoutEnlargement: true })
      .webp({ quality })
      .toBuffer({ resolveWithObject: true }),
  );
  return { bytes: data, width: info.width, height: info.height };
}

/** What the library cannot read is no picture; it says so in words of its own, which may quote what was sent. */
async function orNotOne<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const tooMany = error instanceof Error && /pixel limit/i.test(error.message);
    throw new AppError(tooMany ? 'image.too_many_pixels' : 'image.not_one', { cause: error });
  }
}

const ascii = (bytes: Uint8Array, from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1');

/** By its first bytes; undefined for everything else, whatever it is called. */
function formatOf(bytes: Uint8Array): Format | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp';
  return /^GIF8[79]a$/.test(ascii(bytes, 0, 6)) ? 'gif' : undefined;
}
