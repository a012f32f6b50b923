import type { Metrics } from './metrics.ts';
import type { NotifierMeter } from './notifier/options.ts';

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
    subscriptions: (eventPackage, count) => metrics.subscriptions(eventPackage).set(count),
  };
}
