import type { Clock } from '../../src/ports/clock.ts';

/** The real time, or one that goes `factor` times as fast. Keeps no process alive. */
export function realClock(factor = 1): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * factor,
    after: (ms, task) => {
      const timer = setTimeout(task, ms / factor).unref();
      return () => clearTimeout(timer);
    },
  };
}
