/**
 * Pictures in conversations.
 *
 * *Announced*: a row, and no file. *Kept*: written anew, its file there, in no message; an hour later it is released. *Sent*: in the one
 * message that shows it, for who may see that. *Released*: its message was deleted, or it never had one: nobody sees it, and the sweep
 * removes its file, then its row. A process that dies anywhere in between leaves a row that the sweep finds.
 */
import type { Reader } from '../../api/reader.ts';
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Files } from '../../files/files.ts';
import type { ImageWork } from './image-work.ts';
import * as images from './images.repository.ts';

export interface Images {
  /** JSON text. Throws `conversation.not_found`, `image.not_one`, `image.too_many_pixels`, `server.busy`. */
  keep(reader: Reader, conversationId: string, bytes: Uint8Array): Promise<string>;
  /** The file. Throws `image.not_found`. */
  read(reader: Reader, conversationId: string, imageId: string): Promise<Uint8Array>;
}

export interface ImagesDependencies {
  readonly db: Database;
  readonly files: Files;
  readonly work: ImageWork;
}

export function createImages({ db, files, work }: ImagesDependencies): Images {
  return {
    async keep({ userId }, conversationId, bytes) {
      const id = await images.announce(db, conversationId, userId);
      if (id === undefined) throw new AppError('conversation.not_found');
      try {
        const kept = await work.rewrite(bytes);
        await files.put(id, kept.bytes);
        const text = await images.complete(db, id, kept);
        if (text === undefined) throw new AppError('server.busy', { retryAfterSeconds: 1 });
        return text;
      } catch (error) {
        await images.release(db, id);
        throw error;
      }
    },

    async read({ userId }, conversationId, imageId) {
      if (!(await images.isReadable(db, conversationId, imageId, userId))) throw new AppError('image.not_found');
      const bytes = await files.get(imageId);
      if (bytes === undefined) throw new AppError('image.not_found');
      return bytes;
    },
  };
}
