/** A bar of a panel. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** What the processes beside it used: drawn behind the bar, paler. */
  readonly beside: number;
  /** Ours, or one that it is compared with. */
  readonly own: boolean;
}

/** Bars on one scale. */
export interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** A line across the bars; null: none. */
  readonly target: number | null;
}

const WIDTH = 760;
/** Where bars begin, and the longest of them. */
const LEFT = 250;
const LONGEST = 380;
const BAR = 16;
const ROW = 26;
/** The title, and below it what the target is. */
const HEAD = 46;
const GAP = 14;

/** On light and on dark ground: the picture has none of its own. */
const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
  .title { font-weight: 600 }
  .note { fill: #59636e; font-size: 12px }
  .own { fill: #0969da }
  .other { fill: #8c959f }
  .beside { opacity: .4 }
  .target { stroke: #bc4c00; stroke-width: 1.5; stroke-dasharray: 4 3 }
  .goal { fill: #bc4c00; font-size: 12px }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .note { fill: #9198a1 }
    .own { fill: #4493f8 }
    .other { fill: #767d86 }
    .target { stroke: #f0883e }
    .goal { fill: #f0883e }
  }
`;

/** An SVG picture of horizontal bars, the panels one below the other; `caption` stands at the foot. */
export function chartSvg(panels: readonly Panel[], caption: string): string {
  const drawn: string[] = [];
  let y = 4;
  for (const panel of panels) {
    drawn.push(drawPanel(panel, y));
    y += HEAD + ROW * panel.bars.length + GAP;
  }
  const height = y + 16;
  const label = panels.map(({ title }) => title).join('; ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(label)}">`,
    `<style>${STYLE}</style>`,
    ...drawn,
    `<text class="note" x="0" y="${y + 6}">${escaped(caption)}</text>`,
    '</svg>\n',
  ].join('\n');
}

function drawPanel({ title, bars, target }: Panel, top: number): string {
  const longest = Math.max(target ?? 0, ...bars.map(({ value, beside }) => value + beside));
  const scale = (value: number) => (LONGEST * value) / longest;
  const rows = bars.map((bar, index) => drawBar(bar, { y: top + HEAD + ROW * index, scale }));
  return [
    `<text class="title" x="0" y="${top + 16}">${escaped(title)}</text>`,
    ...rows,
    ...(target === null ? [] : [drawTarget(target, { top, count: bars.length, scale })]),
  ].join('\n');
}

function drawBar(
  { name, value, beside, own }: Bar,
  { y, scale }: { readonly y: number; readonly scale: (value: number) => number },
): string {
  const kind = own ? 'own' : 'other';
  const [length, more] = [scale(value), scale(beside)].map((each) => Math.round(10 * each) / 10);
  const text = beside === 0 ? whole(value) : `${whole(value)} + ${whole(beside)}`;
  const end = LEFT + (length ?? 0) + (more ?? 0) + 8;
  return [
    `<text x="${LEFT - 10}" y="${y + 13}" text-anchor="end">${escaped(name)}</text>`,
    `<rect class="${kind}" x="${LEFT}" y="${y}" width="${length}" height="${BAR}" rx="2"/>`,
    ...(beside === 0
      ? []
      : [
          `<rect class="${kind} beside" x="${LEFT + (length ?? 0)}" y="${y}" width="${more}" height="${BAR}" rx="2"/>`,
        ]),
    `<text x="${end}" y="${y + 13}">${text}</text>`,
  ].join('\n');
}

function drawTarget(
  target: number,
  {
    top,
    count,
    scale,
  }: { readonly top: number; readonly count: number; readonly scale: (value: number) => number },
): string {
  const x = Math.round(LEFT + scale(target));
  const from = top + HEAD - 8;
  const to = top + HEAD + ROW * count - (ROW - BAR) + 6;
  return [
    `<line class="target" x1="${x}" y1="${from}" x2="${x}" y2="${to}"/>`,
    `<text class="goal" x="${x}" y="${from - 5}" text-anchor="middle">target ${whole(target)}</text>`,
  ].join('\n');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
