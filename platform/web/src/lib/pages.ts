/** A list on one screen ends here; further in, a search serves a reader better than another page. */
const pagesMax = 40;

interface Page {
  readonly nextCursor: string | null;
}

/** The cursor of the next page, or undefined where the list ends. */
export function nextCursor(page: Page, pages: readonly Page[]): string | undefined {
  return pages.length >= pagesMax ? undefined : (page.nextCursor ?? undefined);
}
