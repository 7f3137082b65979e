/** Puts a job into the queue in the caller's transaction: it exists when the rest does, and not otherwise. */
import type { Executor } from '../db/database.ts';
import { currentRequest } from '../telemetry/request-context.ts';
import type { JobDeclaration } from './define-job.ts';
import { addJob } from './jobs.queries.ts';

export interface EnqueueOptions {
  /** Not before then; now unless given. */
  readonly runAt?: Date;
  /** A waiting job of the same key is replaced. */
  readonly jobKey?: string;
}

/** What is stored: the job's payload, and which request asked for it. */
export interface JobEnvelope {
  readonly meta: { readonly requestId?: string };
  readonly data: unknown;
}

const payloadBytesMax = 64 * 1024;

/** Returns the job's id. Throws when the payload does not fit the job's schema or is larger than 64 KiB. */
export async function enqueue<P>(tx: Executor, job: JobDeclaration<P>, payload: P, options: EnqueueOptions = {}): Promise<string> {
  const requestId = currentRequest()?.requestId;
  const envelope: JobEnvelope = { meta: requestId === undefined ? {} : { requestId }, data: job.payload.parse(payload) };
  const text = JSON.stringify(envelope);
  if (Buffer.byteLength(text) > payloadBytesMax)
    throw new Error(`job "${job.name}": the payload is larger than ${payloadBytesMax} bytes; store it and pass its id`);
  const { id } = await tx.one(addJob, {
    name: job.name,
    envelope: text,
    runAt: options.runAt ?? null,
    attemptsMax: job.attemptsMax,
    jobKey: options.jobKey ?? null,
  });
  return id;
}
