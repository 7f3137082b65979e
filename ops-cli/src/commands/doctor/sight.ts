import type { VerifyResult } from '@sanctum/migrations/verify';
import type { StackHome } from '../../stack/home.ts';
import type { TargetAddresses } from '../../target.ts';
import type { DatabaseSight } from './probes/database.ts';
import type { InstanceSight } from './probes/instances.ts';
import type { MachineSight } from './probes/machine.ts';
import type { PlatformSight } from './probes/platform.ts';
import type { PostgresSight } from './probes/postgres.ts';
import type { ProxySight } from './probes/proxy.ts';
import type { RedisSight } from './probes/redis.ts';

/** Everything that one look saw. A part is undefined when it is not there to be looked at, or could not be. */
export interface Sight {
  /** The local stack, or a system given by addresses. */
  readonly isLocal: boolean;
  readonly home: StackHome;
  readonly addresses: TargetAddresses;
  readonly machine?: MachineSight | undefined;
  readonly postgres?: PostgresSight | undefined;
  readonly database?: DatabaseSight | undefined;
  readonly migrations?: VerifyResult | undefined;
  readonly redis?: RedisSight | undefined;
  /** The instance that is worst off, or the only one. */
  readonly platform?: PlatformSight | undefined;
  /** Every instance of the local stack, or what answers at the address that was given. */
  readonly platforms?: readonly PlatformSight[];
  /** The proxy of the local stack, when several instances stand behind one. */
  readonly proxy?: ProxySight | undefined;
  readonly instances?: readonly InstanceSight[] | undefined;
}
