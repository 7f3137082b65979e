/**
 * The error catalogue: every error a client can meet, declared once. It serves the one error shape of the
 * API (RFC 9457 problem+json), the API document, the web app's messages and the documentation page.
 */

export interface ErrorDefinition {
  /** HTTP status. */
  readonly status: number;
  /** What is wrong, for a person. Never holds data of the request. */
  readonly title: string;
  /** What the reader can do about it. */
  readonly fix: string;
}

const catalogue = {
  'request.invalid': {
    status: 400,
    title: 'The request is not valid.',
    fix: 'Correct the fields listed under "problems" and send it again.',
  },
  'request.malformed_json': {
    status: 400,
    title: 'The body is not valid JSON.',
    fix: 'Send a JSON object with the content type application/json.',
  },
  'request.too_deep': { status: 400, title: 'The JSON body is nested too deeply.', fix: 'Send at most 32 levels of nesting.' },
  'request.body_too_large': {
    status: 413,
    title: 'The body is larger than this route accepts.',
    fix: 'Send less; the limit of each route stands in the API document.',
  },
  'request.headers_too_large': {
    status: 431,
    title: 'The headers are larger than this server accepts.',
    fix: 'Send fewer or shorter headers and cookies: at most 16 KiB together.',
  },
  'request.uri_too_long': {
    status: 414,
    title: 'The address of the request is longer than this server accepts.',
    fix: 'Send at most 8,192 characters of path and query; larger input belongs into the body.',
  },
  'request.method_not_allowed': {
    status: 405,
    title: 'This path does not have this method.',
    fix: 'Use a method that the Allow header names; the API document lists them.',
  },
  'request.host_missing': { status: 400, title: 'The request names no host.', fix: 'Send the Host header.' },
  'request.host_unknown': {
    status: 421,
    title: 'This server does not answer under this name.',
    fix: 'Use the public address of the site. Operators: name it in PUBLIC_ORIGIN, further names in ALLOWED_HOSTS.',
  },
  'request.expectation_failed': {
    status: 417,
    title: 'The expectation of the request cannot be met.',
    fix: 'Send no Expect header, or "100-continue".',
  },
  'request.malformed_http': { status: 400, title: 'This is not a valid HTTP request.', fix: 'Send HTTP/1.1 with correct framing.' },
  'request.unsupported_media_type': { status: 415, title: 'This content type is not accepted.', fix: 'Send application/json.' },
  'request.timeout': { status: 408, title: 'The request took too long to arrive.', fix: 'Send it again over a faster connection.' },
  'request.route_unknown': { status: 404, title: 'There is no such route.', fix: 'See /api/openapi.json for the routes there are.' },
  'request.cross_site': {
    status: 403,
    title: 'A change asked for by another site is refused.',
    fix: 'Send the request from the web app itself. Programs sign in with "credentials": "token" and send a Bearer token instead of cookies.',
  },
  'request.rate_limited': { status: 429, title: 'Too many requests.', fix: 'Wait for the number of seconds in the Retry-After header.' },
  'cursor.invalid': {
    status: 400,
    title: 'The cursor is not one this server gave out.',
    fix: 'Start from the first page: leave the cursor out.',
  },
  'cursor.foreign': {
    status: 400,
    title: 'The cursor belongs to another list or another reader.',
    fix: 'Use a cursor only with the request that returned it; start from the first page.',
  },
  'idempotency.key_invalid': {
    status: 400,
    title: 'The Idempotency-Key header is not valid.',
    fix: 'Send 8 to 128 characters, letters, digits, "-" and "_", new for every new thing.',
  },
  'idempotency.key_reused': {
    status: 422,
    title: 'This Idempotency-Key was used for a different request.',
    fix: 'Make a new key for a new request.',
  },
  'idempotency.in_progress': {
    status: 409,
    title: 'The first request with this Idempotency-Key is still being carried out.',
    fix: 'Send the same request with the same key again after the number of seconds in the Retry-After header: it then gets the first answer.',
  },
  'auth.required': { status: 401, title: 'You are not signed in.', fix: 'Sign in, or send an access token as "Authorization: Bearer …".' },
  'auth.credentials_wrong': { status: 401, title: 'The name or the password is wrong.', fix: 'Check both and try again.' },
  'auth.token_invalid': {
    status: 401,
    title: 'The access token is not valid or has expired.',
    fix: 'Refresh it with POST /api/auth/refresh, or sign in again.',
  },
  'auth.refresh_invalid': { status: 401, title: 'The refresh token is not valid or has expired.', fix: 'Sign in again.' },
  'auth.refresh_reused': {
    status: 401,
    title: 'This refresh token was used before; the session has been ended for safety.',
    fix: 'Sign in again. If that was not you, change your password.',
  },
  'auth.busy': {
    status: 429,
    title: 'Too many people are signing in at this moment.',
    fix: 'Wait for the number of seconds in the Retry-After header.',
  },
  'auth.suspended': { status: 403, title: 'This account is suspended.', fix: 'Write to the administrators of this site.' },
  'access.denied': { status: 403, title: 'You may not do this.', fix: 'Ask someone whose role allows it.' },
  'operations.token_required': {
    status: 401,
    title: 'This is for operators.',
    fix: 'Send "Authorization: Bearer …" with the token that OPERATIONS_TOKEN holds. Without that setting it is closed outside development.',
  },
  'user.not_found': { status: 404, title: 'There is no such person.', fix: 'Check the name.' },
  'user.username_taken': { status: 409, title: 'This name is taken.', fix: 'Choose another name.' },
  'user.email_taken': { status: 409, title: 'This e-mail address already has an account.', fix: 'Sign in instead.' },
  'user.password_weak': {
    status: 400,
    title: 'This password is too easy to guess.',
    fix: 'Use at least 10 characters that are not a common password or your own name.',
  },
  'session.not_found': { status: 404, title: 'There is no such session.', fix: 'List your sessions and choose one of them.' },
  'sanctum.not_found': {
    status: 404,
    title: 'There is no such sanctum, or you cannot see it.',
    fix: 'Check the name, or ask its owner to let you in.',
  },
  'sanctum.name_taken': { status: 409, title: 'A sanctum of this name exists.', fix: 'Choose another name, or join that one.' },
  'sanctum.private': { status: 403, title: 'This sanctum is private.', fix: 'Ask its owner to invite you.' },
  'sanctum.banned': {
    status: 403,
    title: 'Whoever was removed from this sanctum does not come back by themselves.',
    fix: 'Its owner or a moderator can lift the ban.',
  },
  'sanctum.stays_private': {
    status: 409,
    title: 'Others joined this sanctum or wrote in it while it was private; nobody may make that public.',
    fix: 'Found a public sanctum beside it, or remove what they wrote and their memberships first.',
  },
  'sanctum.not_member': { status: 403, title: 'You are not a member of this sanctum.', fix: 'Join it first.' },
  'sanctum.owner_stays': { status: 409, title: 'The owner cannot leave the sanctum.', fix: 'Give the sanctum to another member first.' },
  'membership.exists': { status: 409, title: 'This person is a member already.', fix: 'Change their role in the list of members.' },
  'invitation.not_found': {
    status: 404,
    title: 'There is no such invitation, or it is no longer valid.',
    fix: 'Ask for a new one.',
  },
  'invitation.declined': {
    status: 409,
    title: 'This person declined an invitation to this sanctum.',
    fix: 'Wait 30 days before you ask again.',
  },
  'invitation.too_many': {
    status: 409,
    title: 'Too many invitations wait for an answer.',
    fix: 'Withdraw some, or wait until they are answered; they end after 30 days.',
  },
  'ban.not_found': { status: 404, title: 'This person is not banned from the sanctum.', fix: 'List the bans and choose one of them.' },
  'membership.not_found': {
    status: 404,
    title: 'This person is not a member of the sanctum.',
    fix: 'List the members and choose one of them.',
  },
  'friend.yourself': { status: 400, title: 'This is you.', fix: 'Choose somebody else.' },
  'friend.not_accepting': {
    status: 403,
    title: 'This person takes no friend requests from you.',
    fix: 'Meet in a sanctum first, or let them ask you.',
  },
  'friend.request_not_found': { status: 404, title: 'This person does not ask to be your friend.', fix: 'Ask them yourself.' },
  'friend.requests_too_many': {
    status: 429,
    title: 'You asked as many people as one may in a day.',
    fix: 'Go on tomorrow; those who asked you can be accepted today.',
  },
  'friend.too_many': { status: 409, title: 'One of you has as many friends as one can have.', fix: 'Remove a friend first.' },
  'notification.scope_not_found': {
    status: 404,
    title: 'There is nothing of that name that you can see.',
    fix: 'Choose a sanctum, a post or a person that you can see, or "me" for the whole account.',
  },
  'notification.levels_too_many': { status: 409, title: 'You chose as many levels as one can.', fix: 'Take some back in your settings.' },
  'block.yourself': { status: 400, title: 'This is you.', fix: 'Choose somebody else.' },
  'block.too_many': { status: 409, title: 'You block as many people as one can.', fix: 'Unblock some in your settings.' },
  'post.not_found': { status: 404, title: 'There is no such post, or you cannot see it.', fix: 'Go back to the feed.' },
  'comment.not_found': { status: 404, title: 'There is no such comment, or you cannot see it.', fix: 'Reload the post.' },
  'comment.too_deep': { status: 400, title: 'Replies cannot go deeper here.', fix: 'Reply to a comment further up.' },
  'conversation.not_found': {
    status: 404,
    title: 'There is no such conversation, or you are not in it.',
    fix: 'Go back to your conversations. The conversation of a sanctum is there for its members.',
  },
  'conversation.with_yourself': { status: 400, title: 'This is yourself.', fix: 'Name somebody else.' },
  'conversation.not_welcome': {
    status: 403,
    title: 'This person does not take messages from you.',
    fix: 'Become friends first; some people take no messages at all.',
  },
  'conversation.other_kind': {
    status: 409,
    title: 'Conversations of this kind do not have that.',
    fix: 'Groups have titles, invitations and leaving; slow mode is for sanctums, which people join and leave as such.',
  },
  'conversation.full': { status: 409, title: 'The group is full.', fix: 'A group has room for 200 people, invited ones among them.' },
  'conversation.too_many': {
    status: 409,
    title: 'You are in too many conversations.',
    fix: 'Leave some groups: 1,000 conversations are the most.',
  },
  'conversation.declined': {
    status: 409,
    title: 'This person declined an invitation to this group.',
    fix: 'Wait 30 days before you ask again.',
  },
  'conversation.not_member': {
    status: 404,
    title: 'This person is not in the conversation.',
    fix: 'List its members and choose one of them.',
  },
  'conversation.slow_mode': {
    status: 429,
    title: 'Slow mode: members wait between two messages here.',
    fix: 'Wait for the number of seconds in the Retry-After header.',
  },
  'message.not_found': { status: 404, title: 'There is no such message, or you cannot see it.', fix: 'Reload the conversation.' },
  'message.too_old': { status: 409, title: 'This message can no longer be changed.', fix: 'Write another one, or delete it.' },
  'image.not_one': {
    status: 422,
    title: 'This is not a picture that can be read.',
    fix: 'Send a JPEG, PNG, WebP or GIF. What counts is what is in the file, not its name.',
  },
  'image.too_many_pixels': { status: 422, title: 'This picture is too large.', fix: 'Send one of at most 25 million pixels.' },
  'image.not_found': { status: 404, title: 'There is no such picture, or you cannot see it.', fix: 'Reload the conversation.' },
  'text.too_costly': {
    status: 422,
    title: 'This text takes too long to lay out.',
    fix: 'Use fewer tables, links and nested lists, or split the text in two.',
  },
  'socket.ticket_required': {
    status: 401,
    title: 'A connection is opened with a ticket.',
    fix: 'Get one from POST /api/ws/ticket and offer "sanctum.v1, ticket.…" in Sec-WebSocket-Protocol.',
  },
  'socket.ticket_refused': {
    status: 401,
    title: 'The ticket is not valid, was used before, has expired, or its session has ended.',
    fix: 'Get another one from POST /api/ws/ticket: each opens one connection, within 30 seconds.',
  },
  'socket.query_refused': {
    status: 400,
    title: 'A connection takes nothing from the query string.',
    fix: 'Send the ticket in Sec-WebSocket-Protocol: addresses end up in logs and histories.',
  },
  'socket.origin_refused': {
    status: 403,
    title: 'A page of another site may not open a connection.',
    fix: 'Open it from the web app itself. Operators: name further origins in ALLOWED_ORIGINS.',
  },
  'socket.too_many_connections': {
    status: 429,
    title: 'There are as many connections as one person or one network may have.',
    fix: 'Close another tab or device first; 12 connections per person are allowed.',
  },
  'server.busy': { status: 503, title: 'The server is busy.', fix: 'Wait for the number of seconds in the Retry-After header.' },
  'server.database_unavailable': {
    status: 503,
    title: 'The database cannot be reached.',
    fix: 'Wait a moment and try again. Operators: sanctum-ops doctor.',
  },
  'server.storage_full': {
    status: 503,
    title: 'Nothing can be stored at this moment.',
    fix: 'Try again later; reading works. Operators: sanctum-ops doctor.',
  },
  'server.query_over_budget': {
    status: 503,
    title: 'This took too long to look up.',
    fix: 'Ask for less, or wait for the number of seconds in the Retry-After header. Operators: the metric sanctum_db_queries_cancelled_total names the query.',
  },
  'server.timeout': {
    status: 503,
    title: 'The request took too long.',
    fix: 'Try again. Operators: look for the query name in the slow query log.',
  },
  'server.unreachable': {
    status: 502,
    title: 'No server answered.',
    fix: 'Send the request again, one that creates something with the same Idempotency-Key: it may have been carried out. Operators: sanctum-ops doctor.',
  },
  'server.shutting_down': {
    status: 503,
    title: 'This server is shutting down.',
    fix: 'Send the request again; another server will take it.',
  },
  'server.internal': {
    status: 500,
    title: 'Something went wrong on our side.',
    fix: 'Try again. If it stays, send the request id to the administrators.',
  },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof catalogue;

export const errorCatalogue: Readonly<Record<ErrorCode, ErrorDefinition>> = catalogue;

export interface Problem {
  /** JSON pointer or parameter name of the field. */
  readonly path: string;
  readonly message: string;
}

export interface AppErrorOptions {
  readonly cause?: unknown;
  readonly problems?: readonly Problem[];
  /** Seconds until a retry makes sense; becomes the Retry-After header. */
  readonly retryAfterSeconds?: number;
  /** Methods that the path has; becomes the Allow header. */
  readonly allow?: readonly string[];
}

/** The only error that reaches a client with its own meaning. Everything else becomes `server.internal`. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];
  readonly retryAfterSeconds: number | undefined;
  readonly allow: readonly string[] | undefined;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(catalogue[code].title, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.problems = options.problems ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.allow = options.allow;
  }

  get status(): number {
    return catalogue[this.code].status;
  }
}

/** The problem+json body (RFC 9457) of an error. `requestId` lets a person quote the log line. */
export function toProblem(error: AppError, requestId: string) {
  const definition = catalogue[error.code];
  return {
    type: `/api/errors#${error.code}`,
    title: definition.title,
    status: definition.status,
    code: error.code,
    detail: definition.fix,
    requestId,
    ...(error.problems.length > 0 ? { problems: error.problems } : {}),
  };
}
