import type { Metrics } from './metrics.ts';
import type { NotifierMeter } from './notifier/options.ts';
import type { LoadLevel } from './presence/overload.ts';

/** The levels in the order of their numbers in the metrics. */
const LEVELS: readonly LoadLevel[] = ['calm', 'busy', 'full'];

/** What the notifier measures, as the metrics that operators scrape. */
export function meterOf(metrics: Metrics): NotifierMeter {
  const { notifies } = metrics;
  return {
    sent: (latencyMs) => {
      if (latencyMs >= 0) metrics.lampLatency(latencyMs / 1000);
    },
    settled: (status) => {
      if (status >= 200 && status < 300) notifies.ok();
      else if (status === 0) notifies.unreachable();
      else if (status === 408) notifies.timeout();
      else notifies.refused();
    },
    answered: metrics.sipRequest,
    bus: metrics.busEvent,
    duplicate: metrics.duplicate,
    auth: metrics.authEvent,
    load: (level) => metrics.overloadLevel(LEVELS.indexOf(level)),
    putOff: metrics.putOff,
    subscriptions: (eventPackage, count) => metrics.subscriptions(eventPackage).set(count),
  };
}
