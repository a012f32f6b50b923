interface Point {
  readonly x: number;
  readonly y: number;
}

const ROUND = 9;

/** An SVG path from a point down to a lower one: straight, or with a level part half way and round corners. */
export function elbow(from: Point, to: Point): string {
  const aside = to.x - from.x;
  if (Math.abs(aside) < 1) return `M${from.x} ${from.y}L${to.x} ${to.y}`;
  const level = (from.y + to.y) / 2;
  const round = Math.min(ROUND, Math.abs(aside) / 2, level - from.y);
  const turn = aside < 0 ? -round : round;
  const down = `M${from.x} ${from.y}V${level - round}Q${from.x} ${level} ${from.x + turn} ${level}`;
  return `${down}H${to.x - turn}Q${to.x} ${level} ${to.x} ${level + round}V${to.y}`;
}
