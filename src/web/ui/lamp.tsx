import type { LampStatus } from '../model/live.ts';

const WORDS: Readonly<Record<LampStatus, string>> = {
  idle: 'idle',
  ringing: 'ringing',
  busy: 'busy',
  held: 'on hold',
  trying: 'trying',
};

/** A status as people say it. */
export function lampWord(status: LampStatus): string {
  return WORDS[status];
}

interface LampProps {
  /** Null: not known. */
  readonly status: LampStatus | null;
  readonly size?: 'small' | 'large';
  /** Spoken; left out where words beside it say the same. */
  readonly label?: string;
}

/** A lamp as on a phone: its colour is never the only sign, words stand beside it. */
export function Lamp({ status, size = 'small', label }: LampProps) {
  const className = `lamp lamp-${status ?? 'unknown'} lamp-${size}`;
  if (label === undefined) return <span className={className} aria-hidden="true" />;
  return <span className={className} role="img" aria-label={label} title={label} />;
}
