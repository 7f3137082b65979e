import { keyCatalogue, keyDeclarationOf } from '@sanctum/platform/redis/keys';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { ask } from '../../src/redis/ask.ts';
import { createKeyGroups, namesOf, patternOf, shellForKeys } from '../../src/redis/key-groups.ts';
import type { KeyGroup } from '../../src/redis/key-groups.ts';
import { readKeyspace } from '../../src/redis/keyspace.ts';

const catalogueFile = 'platform/src/redis/keys.ts';

/** First parts that well-known programs give their keys. */
const knownWriters: readonly (readonly [RegExp, string])[] = [
  [/^bull:/, 'BullMQ'],
  [/^sess:/, 'connect-redis (sessions of Express)'],
  [/^(rlflx|rl):/, 'rate-limiter-flexible'],
  [/^(queue|queues|stat):|^schedule$|^retry$/, 'Sidekiq or Resque'],
  [/^(celery|_kombu)/, 'Celery'],
  [/^laravel[_:]/, 'Laravel'],
  [/^(cache_drops|readiness(:|$))/, 'the platform, which declares this name as a channel and never writes a key of it'],
];

export default defineCheck({
  id: 'redis/unknown-key-pattern',
  title: 'Key or channel that no code declares',
  area: 'resources',
  severity: 'high',
  needs: ['redis'],
  requirements: ['CACHE-01', 'CACHE-05'],
  timeoutMs: 60_000,
  mayBeEmpty: 'A Redis that holds no key and has no subscriber holds nothing undeclared.',
  run: async (ctx) => {
    const { examined, undeclared, notLooked } = await readKeyspace(ctx);
    const channels = [
      ...((await ask(ctx.redis, 'pubsub', 'channels')) as string[]),
      ...((await ask(ctx.redis, 'pubsub', 'shardchannels')) as string[]),
    ];
    const unknownChannels = createKeyGroups();
    for (const channel of channels) if (keyDeclarationOf(channel)?.type !== 'channel') unknownChannels.add(patternOf(channel), channel);
    const findings = [...undeclared.map(keyFinding), ...unknownChannels.list().map(channelFinding)];
    return { examined: examined + channels.length, findings, ...(notLooked === undefined ? {} : { notLooked }) };
  },
});

function keyFinding(group: KeyGroup): Finding {
  const only = group.count === 1 ? group.keys[0] : undefined;
  return {
    subject: only ?? group.pattern,
    detail: `No entry of the key catalogue covers ${group.count === 1 ? 'the key' : `${group.count} keys:`} ${namesOf(group)}. ${writerOf(group)}`,
    location: `redis, ${only ?? group.pattern}`,
    risk: 'Nobody states how long it lives, how large it grows, and what happens when it is lost.',
    impact: 'Memory that never comes back, and data that a flush takes although somebody counts on it.',
    fix: `${shellForKeys(group, 'unlink')}\n# or, when it is ours, declare it with defineKey in ${catalogueFile}`,
    fingerprint: fingerprint('redis/unknown-key-pattern', group.pattern),
  };
}

function channelFinding(group: KeyGroup): Finding {
  return {
    subject: `channel ${group.count === 1 ? (group.keys[0] ?? group.pattern) : group.pattern}`,
    detail: `Somebody subscribes to ${namesOf(group)}, which the key catalogue does not declare as a channel.`,
    location: `redis, channel ${group.pattern}`,
    risk: 'Two programs that share one Redis disturb each other.',
    impact: 'Operators: its load appears in no declaration and on no page.',
    fix: `Find the subscriber: redis-cli -u "$REDIS_URL" client list type pubsub\n# then end it, give it a Redis of its own, or declare the channel in ${catalogueFile}`,
    severity: 'medium',
    fingerprint: fingerprint('redis/unknown-key-pattern', 'channel', group.pattern),
  };
}

/** A guess at who wrote it, worded as one. */
function writerOf(group: KeyGroup): string {
  const key = group.keys[0] ?? group.pattern;
  const known = knownWriters.find(([pattern]) => pattern.test(key));
  if (known !== undefined) return `By its name it is written by ${known[1]}.`;
  const near = keyCatalogue.find((declared) => declared.type !== 'channel' && sharedParts(declared.pattern, key) > 0);
  if (near === undefined) return 'Its prefix belongs to no code of this repository.';
  return `Its prefix is that of ${near.name} (${near.pattern}), written by ${near.owner}: an older or newer version, or a typing error.`;
}

/** How many leading literal parts of a declared pattern the key has. */
function sharedParts(pattern: string, key: string): number {
  const parts = key.split(':');
  const literals = pattern.split(':');
  const differs = literals.findIndex((part, index) => part.startsWith('{') || part !== parts[index]);
  return differs === -1 ? literals.length : differs;
}
