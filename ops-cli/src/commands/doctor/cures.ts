import type { Cure } from './cause.ts';
import * as queries from './doctor.queries.ts';

/** Statements, sent one after the other. */
export function sqlCure(...statements: readonly string[]): Cure {
  return {
    does: statements.map((statement) => `SQL: ${statement};`),
    run: async ({ sql }) => {
      await sql(...statements);
    },
  };
}

/** Commands, sent one after the other. */
export function redisCure(...commands: readonly (readonly string[])[]): Cure {
  return {
    does: commands.map((words) => `Redis: ${words.join(' ')}`),
    run: async ({ redis }) => {
      for (const words of commands) await redis(...words);
    },
  };
}

/** Statements that change what new sessions get; the sessions that the platform already has are ended, and its pools open new ones. */
export function settingsCure(...statements: readonly string[]): Cure {
  return {
    does: [...statements.map((statement) => `SQL: ${statement};`), 'SQL: end the sessions of the platform, which opens new ones'],
    run: async ({ sql }) => {
      await sql(...statements, queries.endPlatformSessions);
    },
  };
}
