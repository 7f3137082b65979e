/** What sockets and hub tell operators. */
import type { AppError } from '../errors.ts';
import type { Logger } from '../telemetry/logging.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Connection } from './connection.ts';
import type { CloseReason } from './connections.ts';
import type { HubObserver } from './hub.ts';
import { socketLimits } from './limits.ts';

export function observeHub(metrics: Metrics, logger: Logger, onLag: (connection: Connection) => void): HubObserver {
  return {
    onDelivered: (event, connections) => {
      if (connections > 0) metrics.socketDeliveries.inc({ class: event.class }, connections);
    },
    onDropped: (connections) => metrics.socketDropped.inc({}, connections),
    onLag: (connection) => {
      metrics.socketLags.inc({});
      onLag(connection);
    },
    onJoined: (outcome) => metrics.socketSubscribed.inc({ outcome }),
    onGapRead: (channels) => metrics.streamGapsRead.inc({}, channels),
    onError: (error) =>
      logger.warn({ error }, 'streams could not be read for live connections; positions are compared again in some seconds'),
  };
}

export function observeSockets(metrics: Metrics, logger: Logger) {
  return {
    onOpened: () => metrics.socketUpgrades.inc({ outcome: 'opened' }),
    onRefused: (error: AppError) => metrics.socketUpgrades.inc({ outcome: error.code }),
    onClosed: (why: CloseReason) => metrics.socketCloses.inc({ why }),
    onMessage: (type: string) => metrics.socketMessages.inc({ type }),
    onTooManyOfUser: (userId: string) => {
      metrics.socketUserLimitHits.inc({});
      logger.warn(
        { user_id: userId, connections_max: socketLimits.connectionsPerUser },
        'a person has as many connections as one may have; another one is refused',
      );
    },
  };
}
