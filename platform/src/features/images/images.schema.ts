/** Shapes of pictures in conversations. */
import { z } from 'zod';
import { idText } from '../../api/shapes.ts';

export const image = z
  .object({
    id: z.uuid(),
    url: z.string().describe('Where it is, for who may read the conversation.'),
    width: z.int().min(1),
    height: z.int().min(1),
    bytes: z.int().min(1),
  })
  .meta({ id: 'ConversationImage', description: 'A picture as it is kept: a WebP without metadata.' });

export const uploadParams = z.object({ conversationId: idText });
export const imageParams = z.object({ conversationId: idText, imageId: z.uuid() });
