/** Formats of everything that ends in a review; text first, because it is the default. */
export const reportFormats = ['text', 'json', 'markdown', 'junit', 'sarif'] as const;

/** Severities as flags take them, the worst first. */
export const severityWords = ['critical', 'high', 'medium', 'low'] as const;
export type SeverityWord = (typeof severityWords)[number];
