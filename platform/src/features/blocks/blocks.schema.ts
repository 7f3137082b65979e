/** Shapes of blocks. */
import { z } from 'zod';
import { pageOf } from '../../api/pages.ts';
import { timestamp } from '../../api/shapes.ts';
import { username } from '../users/users.schema.ts';

/** People whom one person may block. */
export const blocksMax = 1000;

export const block = z
  .object({ username, displayName: z.string(), createdAt: timestamp })
  .meta({ id: 'Block', description: 'A person whom you do not see and who does not see you.' });

export const blockPage = pageOf(block).meta({ id: 'BlockPage' });
export const blockParams = z.object({ username });

export type Block = z.output<typeof block>;
