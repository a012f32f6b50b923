import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from 'prom-client';
import type { Metrics } from '../metrics.ts';
import type { Crew } from './crew.ts';

interface WorkerHealth {
  readonly store: boolean;
  readonly edge: boolean;
}

/** Whether a machine works: `workers` is false while one of its processes does not. */
export interface MachineHealth extends WorkerHealth {
  readonly workers: boolean;
}

/** What the workers of this machine say together. */
export interface Machine {
  /** All that they have counted, each series with the label `worker`, in the text format of Prometheus. */
  metrics(): Promise<string>;
  /** True of what works in every worker. */
  health(): Promise<MachineHealth>;
}

/** Lets this worker speak for its machine, and has it answer when another one does. */
export function machineOf(crew: Crew, { registry }: Metrics, health: () => WorkerHealth): Machine {
  crew.answer('metrics', () => registry.getMetricsAsJSON());
  crew.answer('health', health);
  return {
    async metrics() {
      const heard = await crew.ask('metrics');
      const each = heard.filter((answer) => answer !== null) as MetricObjectWithValues<
        MetricValue<string>
      >[][];
      return AggregatorRegistry.aggregate(each).metrics();
    },
    async health() {
      const heard = (await crew.ask('health')) as (WorkerHealth | null)[];
      return {
        store: heard.every((one) => one?.store !== false),
        edge: heard.every((one) => one?.edge !== false),
        workers: !heard.includes(null),
      };
    },
  };
}
