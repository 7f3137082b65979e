/** What `sanctum-ops sql` gives back: one answer per statement. */
export type Row = readonly (string | null)[];

export interface SqlAnswer {
  /** PostgreSQL's word for what it did, with the number of rows where it counts some. */
  readonly command: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** There are rows beyond those that are shown. */
  readonly hasMore: boolean;
}

export interface SqlDocument {
  readonly answers: readonly SqlAnswer[];
}
