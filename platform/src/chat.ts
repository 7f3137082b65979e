/** The part of the composition root where people talk: conversations, who is in them, messages. */
import type { Cursors } from './api/cursor.ts';
import type { Database } from './db/database.ts';
import { createConversationRoutes } from './features/conversations/conversations.handlers.ts';
import { createConversations } from './features/conversations/conversations.service.ts';
import { createFounding } from './features/conversations/founding.service.ts';
import { createMarkRoutes } from './features/conversations/marks.handlers.ts';
import { createMarks } from './features/conversations/marks.service.ts';
import { createConversationMemberRoutes } from './features/conversations/members.handlers.ts';
import { createConversationMembers } from './features/conversations/members.service.ts';
import { createMessageRoutes } from './features/messages/messages.handlers.ts';
import { createMessages } from './features/messages/messages.service.ts';
import { createImageWork } from './features/images/image-work.ts';
import { createImageRoutes } from './features/images/images.handlers.ts';
import { createImages } from './features/images/images.service.ts';
import type { Files } from './files/files.ts';
import type { Route } from './http/routes/route.ts';
import type { Streams } from './streams/streams.ts';

export interface ChatDependencies {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly streams: Streams;
  readonly files: Files;
}

export interface Chat {
  /** Who may follow the stream of a conversation. */
  readonly mayRead: (userId: string, conversationId: string) => Promise<boolean>;
  readonly routes: readonly Route[];
}

export function createChat({ db, cursors, streams, files }: ChatDependencies): Chat {
  const conversations = createConversations({ db, cursors, streams });
  return {
    mayRead: conversations.mayRead,
    routes: [
      ...createConversationRoutes({ conversations, founding: createFounding({ db, streams }) }),
      ...createConversationMemberRoutes({ members: createConversationMembers({ db, streams }) }),
      ...createMarkRoutes({ marks: createMarks({ db, streams }) }),
      ...createImageRoutes({ images: createImages({ db, files, work: createImageWork() }) }),
      ...createMessageRoutes({ messages: createMessages({ db, streams }) }),
    ],
  };
}
