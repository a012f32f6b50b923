import type { Bar, Panel } from './chart.ts';
import { changesWith, cpuOf, type Figures, median } from './figures.ts';
import type { Measured } from './phase.ts';

/** What the chart shows of the figures: CPU for each operation, and memory. Targets follow the reference of the same run. */
export function speedPanels(all: readonly Figures[], reference: Figures): readonly Panel[] {
  const notify = (figures: Figures) => changesWith(figures, 100)?.same;
  const cpu = [
    { title: 'CPU for each NOTIFY with its 200, us', phase: notify, most: 0.5 },
    { title: 'CPU for each new SUBSCRIBE, us', phase: (figures: Figures) => figures.subscribe, most: 1 },
    { title: 'CPU for each refresh, us', phase: (figures: Figures) => figures.refresh, most: 1 },
  ].map(({ title, phase, most }) => ({
    title,
    bars: all.flatMap((figures) => cpuBar(figures, phase(figures))),
    target: targetOf(most * median(cpuOf(reference, phase(reference)))),
  }));
  const memory = {
    title: 'Memory for each subscription, octets',
    bars: all.flatMap(memoryBar),
    target: 2048,
  };
  return [...cpu, memory].filter(({ bars }) => bars.length > 0);
}

function targetOf(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function cpuBar(figures: Figures, measured: readonly Measured[] | undefined): readonly Bar[] {
  const value = median(cpuOf(figures, measured));
  if (Number.isNaN(value)) return [];
  const others = (measured ?? []).map(({ cpu }) =>
    Object.entries(cpu).reduce((sum, [name, us]) => (name === figures.server ? sum : sum + us), 0),
  );
  return [{ ...nameOf(figures), value, beside: median(others) }];
}

function memoryBar(figures: Figures): readonly Bar[] {
  const value = figures.many?.octets[figures.server];
  if (value === undefined) return [];
  return [{ ...nameOf(figures), value, beside: figures.many?.octets.redis ?? 0 }];
}

function nameOf({ contestant }: Figures): Pick<Bar, 'name' | 'own'> {
  const own = contestant.name.startsWith('Lamplighter');
  return { name: contestant.name.replace(' edge', ''), own };
}
