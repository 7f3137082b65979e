/**
 * Wakes the other instances through PostgreSQL: which streams have moved, gathered for a moment and told in one statement outside every
 * user's transaction, because a notification makes commits wait for each other. What the log does not hold, announcements, travels in the
 * same text while there is room, and is dropped where there is none.
 */
import type { NotificationListener, Notifications } from '../db/notifications.ts';
import { runDetached } from '../telemetry/request-context.ts';
import { type StreamKey, streamOf } from './stream.ts';

export interface WakeUpListener {
  readonly onWake: (keys: readonly StreamKey[]) => void;
  readonly onMessage: (key: StreamKey, message: string) => void;
  readonly onGap: () => void;
}

export interface WakeUps {
  /** Never throws and never waits. */
  send(key: StreamKey, message: string): void;
  listen(listener: WakeUpListener): void;
  close(): Promise<void>;
}

export interface WakeUpsDependencies {
  readonly notifications: Notifications;
  readonly instance: string;
  /** A round of wake-ups could not be sent; the position check of the others finds what they missed. */
  readonly onError: (error: unknown) => void;
  /** How long wake-ups are gathered. */
  readonly gatherMs?: number;
}

const channel = 'sanctum_streams';
const gatherMsDefault = 15;
/** PostgreSQL takes 8,000 bytes a notification; the rest is room for what stands around the names. */
const payloadBytesMax = 7500;
/** More streams than that in one round: everybody looks at everything. */
const keysMax = 5000;
const announcementsMax = 200;
const droppedPosition = '0 ';

interface Payload {
  /** Who sends. */
  readonly i: string;
  /** Streams that have moved. */
  readonly k?: readonly string[];
  /** Announcements: stream and message. */
  readonly a?: readonly (readonly [string, string])[];
  /** Too many streams to name. */
  readonly all?: true;
}

export function createWakeUps({ notifications, instance, onError, gatherMs = gatherMsDefault }: WakeUpsDependencies): WakeUps {
  const keys = new Set<StreamKey>();
  let announcements: [StreamKey, string][] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();
  let listener: WakeUpListener | undefined;

  async function send(payloads: readonly string[]): Promise<void> {
    for (const payload of payloads) await notifications.notify(channel, payload);
  }

  function flush(): void {
    timer = undefined;
    const payloads = payloadsOf(instance, keys, announcements);
    keys.clear();
    announcements = [];
    // One round after the other: what comes meanwhile is gathered for the next.
    // It is no part of the request that happened to send first.
    sending = sending.then(() => runDetached(() => send(payloads))).catch(onError);
  }

  const hear: NotificationListener = {
    onMessage(text) {
      const payload = payloadOf(text);
      if (payload === undefined || payload.i === instance) return;
      if (payload.all === true) listener?.onGap();
      if (payload.k !== undefined) listener?.onWake(payload.k.filter(isKey));
      for (const [key, message] of payload.a ?? []) if (isKey(key) && typeof message === 'string') listener?.onMessage(key, message);
    },
    onGap: () => listener?.onGap(),
  };

  return {
    send(key, message) {
      if (!message.startsWith(droppedPosition)) keys.add(key);
      else if (announcements.length < announcementsMax) announcements.push([key, message]);
      timer ??= setTimeout(flush, gatherMs);
      timer.unref();
    },
    listen(one) {
      listener = one;
      notifications.listen(channel, hear);
    },
    async close() {
      listener = undefined;
      if (timer !== undefined) {
        clearTimeout(timer);
        flush();
      }
      await sending;
    },
  };
}

function payloadsOf(instance: string, keys: ReadonlySet<StreamKey>, announcements: readonly (readonly [StreamKey, string])[]): string[] {
  if (keys.size > keysMax) return [JSON.stringify({ i: instance, all: true } satisfies Payload)];
  const payloads: string[] = [];
  let names: string[] = [];
  let bytes = 0;
  const take = (k: readonly string[]) => payloads.push(JSON.stringify({ i: instance, k } satisfies Payload));
  for (const key of keys) {
    if (bytes + key.length > payloadBytesMax) {
      take(names);
      names = [];
      bytes = 0;
    }
    names.push(key);
    bytes += key.length + 3;
  }
  if (names.length > 0) take(names);
  for (const announcement of announcements) {
    const text = JSON.stringify({ i: instance, a: [announcement] } satisfies Payload);
    if (Buffer.byteLength(text) <= payloadBytesMax) payloads.push(text);
  }
  return payloads;
}

function payloadOf(text: string): Payload | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isPayload(value) ? value : undefined;
  } catch {
    // Somebody else wrote into our channel: it is nothing of ours.
    return undefined;
  }
}

function isPayload(value: unknown): value is Payload {
  if (typeof value !== 'object' || value === null || !('i' in value) || typeof value.i !== 'string') return false;
  const isList = (one: unknown) => one === undefined || Array.isArray(one);
  return isList('k' in value ? value.k : undefined) && isList('a' in value ? value.a : undefined);
}

function isKey(text: unknown): text is StreamKey {
  return typeof text === 'string' && streamOf(text) !== undefined;
}
