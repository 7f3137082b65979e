/** What the demo data knows of one hobby. Pure text: everything random is decided by the generator. */
export interface HobbyPost {
  readonly title: string;
  /** Markdown. */
  readonly body?: string;
  /** Makes it a link post. */
  readonly url?: string;
}

export interface Hobby {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly visibility: 'public' | 'private';
  readonly posts: readonly HobbyPost[];
  /** Things people of this hobby say below any post of it; combined with the general ones. */
  readonly remarks: readonly string[];
}
