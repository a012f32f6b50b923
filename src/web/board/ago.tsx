import { useEffect, useState } from 'react';

const FORMAT = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const STEPS = [
  ['second', 1],
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
] as const;

/** How long ago a time is, kept current; the exact time on hover. */
export function Ago({ time }: { readonly time: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.round((Math.max(now, Date.now()) - Date.parse(time)) / 1000));
  const [unit, size] = STEPS.findLast(([, length]) => seconds >= length) ?? STEPS[0];
  const text = seconds < 10 ? 'just now' : FORMAT.format(-Math.floor(seconds / size), unit);
  return (
    <time dateTime={time} title={new Date(time).toLocaleString()}>
      {text}
    </time>
  );
}
