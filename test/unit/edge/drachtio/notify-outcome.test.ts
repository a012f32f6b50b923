import { describe, expect, test } from 'vitest';
import { notifyOutcome } from '../../../../src/edge/drachtio/notify-outcome.ts';
import { responseMessage } from './server-text.ts';

describe('notifyOutcome()', () => {
  const from = (status: number, address: string, retryAfter?: string) =>
    notifyOutcome(
      responseMessage(status, { address, ...(retryAfter && { headers: `Retry-After: ${retryAfter}\r\n` }) }),
    );

  test('tells what drachtio-server made itself from what the phone said', () => {
    expect(from(408, '')).toEqual({ kind: 'timeout' });
    expect(from(410, '')).toEqual({ kind: 'unreachable' });
    expect(from(503, '')).toEqual({ kind: 'unreachable' });
    expect(from(408, '192.0.2.7')).toEqual({ kind: 'answered', status: 408, retryAfter: null });
  });

  test('RFC 3261 §20.33: reads the seconds of Retry-After', () => {
    expect(from(503, '192.0.2.7', '18 (busy);duration=3600')).toMatchObject({ retryAfter: 18 });
    expect(from(503, '192.0.2.7', 'soon')).toMatchObject({ retryAfter: null });
  });
});
