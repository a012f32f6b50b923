import { describe, expect, test } from 'vitest';
import { admitsOrigin } from '../../../../src/edge/embedded/ws-origin.ts';

const NONE = { origins: [], external: '' };

describe('admitsOrigin() (RFC 6455 §10.2)', () => {
  test('a client that sends no Origin is no browser, and is let in', () => {
    expect(admitsOrigin(NONE, undefined, '10.0.0.5:8060')).toBe(true);
    expect(admitsOrigin(NONE, undefined, undefined)).toBe(true);
  });

  test.each([
    ['http://127.0.0.1:8080', '127.0.0.1:8060'],
    ['http://localhost:8080', 'localhost:8060'],
    ['http://10.0.0.5', '10.0.0.5:8060'],
    ['http://[fd00::5]:8080', '[FD00::5]:8060'],
  ])('the page %s of the host %s is let in, whatever its port', (origin, host) => {
    expect(admitsOrigin(NONE, origin, host)).toBe(true);
  });

  test.each([
    ['https://evil.example', '127.0.0.1:8060'],
    ['http://10.0.0.6:8080', '10.0.0.5:8060'],
    ['null', '127.0.0.1:8060'],
    ['', '127.0.0.1:8060'],
    ['http://127.0.0.1:8080', undefined],
    ['http://undefined', undefined],
  ])('the page %j of another host than %j is not', (origin, host) => {
    expect(admitsOrigin(NONE, origin, host)).toBe(false);
  });

  test('a name that only claims to be ours is not let in: it may have been made to resolve here', () => {
    expect(admitsOrigin(NONE, 'http://evil.example', 'evil.example:8060')).toBe(false);
  });

  test('the name that phones reach us at is ours', () => {
    const rule = { origins: [], external: 'Lamps.acme.example' };
    expect(admitsOrigin(rule, 'http://lamps.acme.example:8080', 'lamps.acme.example:8060')).toBe(true);
    expect(admitsOrigin(rule, 'http://lamps.acme.example:8080', '10.0.0.5:8060')).toBe(false);
  });

  test('an origin of the list is let in with its scheme and port, and none like it', () => {
    const rule = { origins: ['https://pbx.acme.example'], external: '' };
    expect(admitsOrigin(rule, 'https://pbx.acme.example', '10.0.0.5:8060')).toBe(true);
    expect(admitsOrigin(rule, 'http://pbx.acme.example', '10.0.0.5:8060')).toBe(false);
    expect(admitsOrigin(rule, 'https://pbx.acme.example:8443', '10.0.0.5:8060')).toBe(false);
  });

  test('* lets every page in', () => {
    expect(admitsOrigin({ origins: ['*'], external: '' }, 'https://evil.example', '10.0.0.5')).toBe(true);
  });
});
