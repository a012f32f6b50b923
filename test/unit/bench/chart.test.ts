import { expect, test } from 'vitest';
import { chartSvg } from '../../bench/chart.ts';
import { isWellFormed } from '../../support/well-formed.ts';

const BARS = [
  { name: 'ours & "more"', value: 50, beside: 50, own: true },
  { name: 'theirs <1>', value: 200, beside: 0, own: false },
];

test('a chart is well-formed XML, whatever the names are', () => {
  expect(isWellFormed(chartSvg([{ title: 'CPU < "memory"', bars: BARS, target: 100 }], 'a & b'))).toBe(true);
});

test('bars of a panel are on one scale, what is beside them too', () => {
  const svg = chartSvg([{ title: 'CPU', bars: BARS, target: null }], '');
  const widths = [...svg.matchAll(/<rect class="(\w+)[^"]*"[^>]* width="([\d.]+)"/g)].map(
    ([, kind, width]) => [kind, Number(width)],
  );
  expect(widths).toEqual([
    ['own', 95],
    ['own', 95],
    ['other', 380],
  ]);
});

test('colours follow the scheme of whoever looks', () => {
  expect(chartSvg([], '')).toContain('@media (prefers-color-scheme: dark)');
});
