/** Files in a bucket that speaks S3. Requests are signed by aws4fetch and sent by fetch; all tries of one have a time together. */
import { AwsClient } from 'aws4fetch';
import { checkedName, type Files } from './files.ts';

export interface S3Place {
  /** Where the service answers: the bucket is the first part of the path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const timeoutMs = 10_000;
/** Of answers 429 and 5xx. */
const retriesMax = 2;

export function createS3Files({ endpoint, bucket, region, accessKeyId, secretAccessKey }: S3Place): Files {
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: retriesMax });
  const addressOf = (name: string) => `${endpoint.replace(/\/+$/, '')}/${bucket}/${checkedName(name)}`;

  /** The body; undefined for what is not there. Throws for any other answer. */
  async function ask(method: 'GET' | 'PUT' | 'DELETE', name: string, body?: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await client.fetch(addressOf(name), { method, signal, redirect: 'error', ...(body === undefined ? {} : { body }) });
    // Read either way, so that the connection is free again.
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (response.ok) return bytes;
    if (response.status === 404 && method !== 'PUT') return undefined;
    throw new Error(`the file storage answered ${response.status}: look at FILES_S3_ENDPOINT, FILES_S3_BUCKET and the keys for it`);
  }

  return {
    kind: 's3',
    async put(name, bytes) {
      await ask('PUT', name, new Uint8Array(bytes));
    },
    get: (name) => ask('GET', name),
    async remove(name) {
      await ask('DELETE', name);
    },
  };
}
