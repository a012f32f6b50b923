import { expect, it } from 'vitest';
import { parseEvent } from '../../../src/sip/event.ts';
import { readRates } from '../../../src/sip/rate-params.ts';

const ratesOf = (text: string) => readRates(parseEvent(text)?.params ?? []);

it('RFC 6446 §9: reads the rates of an Event', () => {
  expect(ratesOf('dialog;max-rate=0.05;min-rate=1;adaptive-min-rate=2.5')).toEqual({
    max: 0.05,
    min: 1,
    adaptiveMin: 2.5,
  });
});

it.each(['dialog', 'dialog;max-rate', 'dialog;max-rate=0', 'dialog;max-rate=1e5', 'dialog;max-rate=-1'])(
  'RFC 6446 §9: %s asks for nothing',
  (text) => {
    expect(ratesOf(text)).toEqual({});
  },
);
