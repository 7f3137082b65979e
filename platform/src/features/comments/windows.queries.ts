/** The window of a thread: from the post itself or below one comment, best or newest first. */
import { defineWindowQuery } from './windows.fragments.queries.ts';

export const rootsTop = defineWindowQuery('roots', 'top');
export const rootsNew = defineWindowQuery('roots', 'new');
export const repliesTop = defineWindowQuery('replies', 'top');
export const repliesNew = defineWindowQuery('replies', 'new');
