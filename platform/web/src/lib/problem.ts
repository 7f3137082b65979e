/** Errors of the API as the platform describes them (RFC 9457), made into one class the screens can show. */

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

interface ProblemFacts {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly fix: string;
  readonly requestId?: string | undefined;
  readonly fields?: readonly FieldProblem[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** An error with a title, a fix and, when the server answered, the request id a person can quote. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fix: string;
  readonly requestId: string | undefined;
  readonly fields: readonly FieldProblem[];
  readonly retryAfterSeconds: number | undefined;

  constructor(facts: ProblemFacts, options?: ErrorOptions) {
    super(facts.title, options);
    this.name = 'ApiProblem';
    this.status = facts.status;
    this.code = facts.code;
    this.fix = facts.fix;
    this.requestId = facts.requestId;
    this.fields = facts.fields ?? [];
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function readFields(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const { path, message } = (entry ?? {}) as Record<string, unknown>;
    const words = text(message);
    return words === undefined ? [] : [{ path: text(path) ?? '', message: words }];
  });
}

/** The problem a failed response carries. A body that is no problem document still gives a usable one. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  const facts = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiProblem({
    status: response.status,
    code: text(facts['code']) ?? `http.${response.status}`,
    title: text(facts['title']) ?? `The server answered ${response.status}.`,
    fix: text(facts['detail']) ?? 'Try again in a moment.',
    requestId: text(facts['requestId']) ?? text(response.headers.get('x-request-id')),
    fields: readFields(facts['problems']),
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : undefined,
  });
}

/** Any thrown value as a problem: a failed fetch becomes "offline", a bug in the page says that it is one. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) {
    return new ApiProblem(
      { status: 0, code: 'client.offline', title: 'The server cannot be reached.', fix: 'Check your connection, then try again.' },
      { cause: error },
    );
  }
  return new ApiProblem(
    {
      status: 0,
      code: 'client.internal',
      title: 'This page ran into a mistake of ours.',
      fix: 'Reload the page. If it stays, tell the administrators what you did.',
    },
    { cause: error },
  );
}

/** True where the same request may succeed a little later. */
export function isTransient(error: unknown): boolean {
  const { status, code } = toProblem(error);
  return code === 'client.offline' || status === 408 || status === 429 || status >= 500;
}

/** The form field a problem path speaks of: `/body/title`, `body.title` and `title` all mean `title`. */
export function fieldName(path: string): string {
  return path.split(/[/.]/).filter(Boolean).at(-1) ?? '';
}
