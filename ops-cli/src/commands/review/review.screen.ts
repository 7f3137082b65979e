import { renderText } from '@sanctum/audits/report/text';
import type { CheckReport } from '../../review.ts';
import type { Output } from '../../output.ts';
import type { Review } from '../../review.ts';

/** One line that is redrawn while checks run. */
export function renderCheckProgress(report: CheckReport, done: number, total: number): string {
  return `· ${done}/${total}  ${report.id}`;
}

/** The report in the format that was asked for. */
export async function renderReview(review: Review, output: Output, options: { verbose: boolean }): Promise<string> {
  switch (output.format) {
    case 'json': {
      const { renderJson } = await import('@sanctum/audits/report/json');
      return renderJson(review);
    }
    case 'markdown': {
      const { renderMarkdown } = await import('@sanctum/audits/report/markdown');
      return renderMarkdown(review);
    }
    case 'junit': {
      const { renderJunit } = await import('@sanctum/audits/report/junit');
      return renderJunit(review);
    }
    case 'sarif': {
      const { renderSarif } = await import('@sanctum/audits/report/sarif');
      return renderSarif(review);
    }
    default:
      return renderText(review, { color: output.isColoured, verbose: options.verbose, columns: output.columns });
  }
}
