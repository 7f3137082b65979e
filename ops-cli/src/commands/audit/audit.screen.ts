/** An audit prints the same report as a review, of fewer checks. */
export { renderCheckProgress, renderReview } from '../review/review.screen.ts';
