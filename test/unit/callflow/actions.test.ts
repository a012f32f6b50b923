import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/callflow/callflow.ts';
import { callflowWith, drive, NOON, node, WORLD } from '../../support/callflow.ts';

type Data = Readonly<Record<string, Json>>;

function effectsOf(module: string, data: Data, input = {}) {
  return drive(callflowWith({ flow: node(module, data) }), { input }).effects;
}

function resultOf(module: string, data: Data, input = {}) {
  const { run } = drive(callflowWith({ flow: node(module, data) }), { input });
  return `${run.outcome}: ${run.steps[0]?.result}`;
}

describe('manual_presence', () => {
  const NIGHT = { realm: 'acme.example', user: 'night' };

  it('appends the realm to an ID without one, and takes an ID with the own realm as it is', () => {
    expect(effectsOf('manual_presence', { presence_id: 'night', status: 'busy' })).toEqual([
      { kind: 'set-manual', resource: NIGHT, status: 'busy' },
    ]);
    expect(effectsOf('manual_presence', { presence_id: 'Night@ACME.example' })).toMatchObject([
      { resource: NIGHT },
    ]);
  });

  it('sets idle where no status is named', () => {
    expect(effectsOf('manual_presence', { presence_id: 'night' })).toMatchObject([{ status: 'idle' }]);
    expect(effectsOf('manual_presence', { presence_id: 'night', status: '' })).toMatchObject([
      { status: 'idle' },
    ]);
  });

  it.each(['idle', 'ringing', 'busy', 'toggle'])('sets %s', (status) => {
    expect(effectsOf('manual_presence', { presence_id: 'night', status })).toMatchObject([{ status }]);
  });

  it('uses what the pattern captured where it names no ID', () => {
    expect(effectsOf('manual_presence', {}, { capture: '1001' })).toMatchObject([
      { resource: { user: '1001' } },
    ]);
    expect(effectsOf('manual_presence', { presence_id: 'night' }, { capture: '1001' })).toMatchObject([
      { resource: NIGHT },
    ]);
    expect(resultOf('manual_presence', {})).toMatch(/^failed: No presence ID/);
  });

  it('hands on expiry and note', () => {
    const data = { presence_id: 'night', status: 'busy', expires_in: 60, note: 'Back soon' };
    expect(effectsOf('manual_presence', data)).toMatchObject([{ expiresIn: 60, note: 'Back soon' }]);
  });

  it.each([
    ['an ID that is none', { presence_id: 'a@b@c' }, /no presence ID/],
    ['a status that is none', { presence_id: 'night', status: 'purple' }, /status is none of/],
    ['a realm that is not granted', { presence_id: 'night@evil.example' }, /evil\.example is not granted/],
  ])('does nothing for %s, and goes on', (_, data, reason) => {
    expect(effectsOf('manual_presence', data)).toEqual([]);
    expect(resultOf('manual_presence', data)).toMatch(reason);
  });

  it('never lets a caller reach another realm through a capture', () => {
    expect(effectsOf('manual_presence', {}, { capture: 'night@evil.example' })).toEqual([]);
  });

  it('sets IDs in realms that are granted, and takes an alias of its own realm for it', () => {
    const granted = { ...WORLD, grantedRealms: ['branch.example'] };
    const data = { presence_id: 'night@branch.example' };
    expect(effectsOf('manual_presence', { presence_id: 'night@evil.example' }, { world: granted })).toEqual(
      [],
    );
    expect(effectsOf('manual_presence', data, { world: granted })).toMatchObject([
      { resource: { realm: 'branch.example' } },
    ]);
    expect(effectsOf('manual_presence', data, { world: { ...WORLD, grantedRealms: ['*'] } })).toHaveLength(1);
    const aliased = { ...WORLD, realmNamed: () => 'acme.example' };
    expect(
      effectsOf('manual_presence', { presence_id: 'night@sip.acme.example' }, { world: aliased }),
    ).toMatchObject([{ resource: NIGHT }]);
  });

  it('says what became of the lamp', () => {
    const flow = node('manual_presence', { presence_id: 'night', status: 'toggle' });
    const answer = () => ({ kind: 'manual', status: 'idle', changed: false }) as const;
    expect(drive(callflowWith({ flow }), { answer }).run.steps[0]?.result).toBe(
      'night@acme.example was already idle',
    );
  });
});

describe('presence_branch', () => {
  it.each(['idle', 'ringing', 'busy', 'held', 'trying'] as const)(
    'goes on by a lamp that is %s',
    (status) => {
      const known = {
        idle: node('hangup'),
        ringing: node('hangup'),
        busy: node('hangup'),
        held: node('hangup'),
      };
      const flow = node('presence_branch', { presence_id: '1001' }, { ...known, _: node('hangup') });
      const { run } = drive(callflowWith({ flow }), {
        answer: (effect) => (effect.kind === 'read-lamp' ? { kind: 'lamp', status } : null),
      });
      expect(run.steps[0]?.exit).toBe(status === 'trying' ? '_' : status);
    },
  );

  it('takes the default exit when the lamp cannot be read', () => {
    const flow = node('presence_branch', { presence_id: '1001' }, { idle: node('hangup') });
    const { run } = drive(callflowWith({ flow }), {
      answer: () => ({ kind: 'failed', message: 'Store away' }),
    });
    expect(run).toMatchObject({ outcome: 'failed', steps: [{ result: 'Store away', exit: null }] });
  });

  it('reads no lamp of a realm that is not granted', () => {
    expect(effectsOf('presence_branch', { presence_id: '1@evil.example' })).toEqual([]);
  });
});

describe('temporal_route', () => {
  const rules = [
    { name: 'open', weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' },
    { name: 'night', weekdays: [5, 6], from: '22:00', to: '06:00' },
  ];
  const ends = { open: node('hangup'), night: node('hangup'), holiday: node('hangup'), _: node('hangup') };

  function exitAt(time: string, data: Data = {}) {
    const flow = node('temporal_route', { timezone: 'Europe/Berlin', rules, ...data }, ends);
    return drive(callflowWith({ flow }), { input: { now: Date.parse(time) } }).run.steps[0]?.exit;
  }

  it.each([
    ['09:00 on a Wednesday', '2026-07-01T09:00:00+02:00', 'open'],
    ['a second before', '2026-07-01T08:59:59+02:00', '_'],
    ['the last second of 16:59', '2026-07-01T16:59:59+02:00', 'open'],
    ['17:00, which is not included', '2026-07-01T17:00:00+02:00', '_'],
    ['09:00 in winter time', '2026-12-02T09:00:00+01:00', 'open'],
    ['noon on a Sunday', '2026-07-05T12:00:00+02:00', '_'],
    ['23:00 on a Friday', '2026-07-03T23:00:00+02:00', 'night'],
    ['05:59 on the Sunday after a Saturday that is listed', '2026-07-05T05:59:00+02:00', 'night'],
    ['05:59 on the Friday after a Thursday that is not', '2026-07-03T05:59:00+02:00', '_'],
  ])('at %s', (_, time, exit) => {
    expect(exitAt(time)).toBe(exit);
  });

  it('takes the exit of holidays before any rule, once or every year', () => {
    expect(exitAt('2026-12-25T10:00:00+01:00', { holidays: ['12-25'] })).toBe('holiday');
    expect(exitAt('2026-07-01T10:00:00+02:00', { holidays: ['2026-07-01'] })).toBe('holiday');
    expect(exitAt('2027-07-01T10:00:00+02:00', { holidays: ['2026-07-01'] })).toBe('open');
  });

  it('reads the date of a holiday from the wall clock of the zone', () => {
    expect(exitAt('2026-12-24T23:30:00Z', { holidays: ['12-25'] })).toBe('holiday');
  });

  it('counts UTC without a time zone, and takes the default exit for a zone that does not exist', () => {
    expect(exitAt('2026-07-01T09:00:00Z', { timezone: '' })).toBe('open');
    expect(exitAt('2026-07-01T10:00:00Z', { timezone: 'Mars/Base' })).toBe('_');
  });

  it('holds all day without times and every day without weekdays', () => {
    const always = [{ name: 'open' }];
    expect(exitAt('2026-07-05T00:00:00+02:00', { rules: always })).toBe('open');
    expect(exitAt('2026-07-05T23:59:59+02:00', { rules: always })).toBe('open');
  });
});

describe('branch_variable and set_variable', () => {
  it('goes on below the value of a variable', () => {
    const branch = node('branch_variable', { variable: 'vip' }, { yes: node('hangup'), _: node('response') });
    const flow = node('set_variable', { variable: 'vip', value: 'yes' }, { _: branch });
    expect(drive(callflowWith({ flow })).effects).toEqual([{ kind: 'hangup' }]);
  });

  it.each([
    ['number', '*30'],
    ['caller', '1001'],
    ['realm', 'acme.example'],
    ['trigger', 'call'],
  ])('knows %s', (variable, value) => {
    const flow = node('branch_variable', { variable }, { [value]: node('hangup') });
    expect(drive(callflowWith({ flow })).run.steps[0]?.exit).toBe(value);
  });

  it('takes the default exit for a variable that is not set', () => {
    expect(resultOf('branch_variable', { variable: 'vip' })).toBe('ended: vip is not set');
    expect(resultOf('branch_variable', { variable: 'constructor' })).toBe('ended: constructor is not set');
    expect(resultOf('branch_variable', {})).toMatch(/^failed/);
  });

  it('never touches a prototype', () => {
    expect(resultOf('set_variable', { variable: '__proto__', value: 'x' })).toMatch(/^failed/);
  });
});

describe('check_cid', () => {
  const ends = { match: node('hangup'), nomatch: node('hangup'), '1001': node('hangup'), _: node('hangup') };

  function exitFor(caller: string, data: Data) {
    const { run } = drive(callflowWith({ flow: node('check_cid', data, ends) }), { input: { caller } });
    return run.steps[0]?.exit;
  }

  it('goes on by whether the pattern matches the caller; without one everybody matches', () => {
    expect(exitFor('1001', { regex: '^10' })).toBe('match');
    expect(exitFor('2001', { regex: '^10' })).toBe('nomatch');
    expect(exitFor('2001', {})).toBe('match');
  });

  it('goes on below the number of the caller in absolute mode', () => {
    expect(exitFor('1001', { use_absolute_mode: true })).toBe('1001');
    expect(exitFor('1002', { use_absolute_mode: true })).toBe('_');
    expect(exitFor('1001', { use_absolute_mode: true, regex: '^2' })).toBe('nomatch');
  });

  it('takes the default exit for a pattern that cannot be run', () => {
    expect(exitFor('1001', { regex: '(' })).toBe('_');
  });
});

describe('the blocks that answer the call', () => {
  it('response: 486 unless another code is named', () => {
    expect(effectsOf('response', {})).toEqual([{ kind: 'respond', status: 486 }]);
    expect(effectsOf('response', { code: 603, message: 'Go away' })).toEqual([
      { kind: 'respond', status: 603, reason: 'Go away' },
    ]);
  });

  it.each([100, 200, 302, 700, 486.5, '404'])('response: never sends %s, which is no refusal', (code) => {
    expect(effectsOf('response', { code })).toEqual([{ kind: 'respond', status: 486 }]);
  });

  it('response: a reason of several lines is not sent (RFC 3261 §25.1)', () => {
    expect(effectsOf('response', { message: 'x\r\nVia: y' })).toEqual([{ kind: 'respond', status: 486 }]);
  });

  it('redirect: to a SIP or telephone address only', () => {
    expect(effectsOf('redirect', { uri: 'sip:1001@acme.example;transport=tcp' })).toMatchObject([
      { kind: 'redirect' },
    ]);
    expect(effectsOf('redirect', { uri: 'tel:+4930123456' })).toMatchObject([{ uri: 'tel:+4930123456' }]);
    for (const uri of ['', 'http://x', 'sip:a b', 'sip:a>,<sip:b', 'sip:a\r\nX: y']) {
      expect(effectsOf('redirect', { uri })).toEqual([]);
    }
  });

  it('hangup', () => {
    expect(effectsOf('hangup', {})).toEqual([{ kind: 'hangup' }]);
  });

  it.each(['api', 'schedule', 'action'] as const)(
    'do nothing in a run by %s, which has no call',
    (trigger) => {
      expect(effectsOf('response', {}, { trigger })).toEqual([]);
      expect(resultOf('hangup', {}, { trigger })).toBe('ended: Hung up, but there is no call to answer');
    },
  );
});

describe('sleep', () => {
  it.each([
    [{ duration: 2 }, 2000],
    [{ duration: 250, unit: 'ms' }, 250],
    [{ duration: 3, unit: 'm' }, 180_000],
    [{ duration: 5, unit: 'h' }, 600_000],
    [{ duration: 2, unit: 'constructor' }, 2000],
  ])('%j waits %i ms', (data, ms) => {
    expect(effectsOf('sleep', data)).toEqual([{ kind: 'sleep', ms }]);
  });

  it('does not wait for nothing', () => {
    expect(effectsOf('sleep', { duration: -5 })).toEqual([]);
  });
});

describe('webhook', () => {
  it('posts the facts of the run', () => {
    const data = { uri: 'https://hooks.acme.example/x', custom_data: { queue: 'night' } };
    expect(effectsOf('webhook', data, { variables: { vip: 'yes' }, capture: '7' })).toEqual([
      {
        kind: 'webhook',
        url: 'https://hooks.acme.example/x',
        timeoutMs: 5000,
        retries: 2,
        body: {
          ...{ run: 'run1', callflow: 'flow1', realm: 'acme.example', trigger: 'call', number: '*30' },
          ...{
            caller: '1001',
            capture: '7',
            variables: { vip: 'yes' },
            time: NOON,
            custom_data: { queue: 'night' },
          },
        },
      },
    ]);
  });

  it('keeps timeout and retries in their bounds', () => {
    const data = { uri: 'http://x.example/', timeout: 1e9, retries: 1e9 };
    expect(effectsOf('webhook', data)).toMatchObject([{ timeoutMs: 30_000, retries: 5 }]);
  });

  it.each(['', 'file:///etc/passwd', 'https://', 'https://x y', 'javascript:alert(1)'])(
    'posts nothing to "%s"',
    (uri) => {
      expect(effectsOf('webhook', { uri })).toEqual([]);
      expect(resultOf('webhook', { uri })).toMatch(/^failed/);
    },
  );
});

describe('callflow', () => {
  it('goes on with the first block of another callflow', () => {
    const other = callflowWith({ id: 'flow2', name: 'Other', flow: node('hangup') });
    const { run } = drive(callflowWith({ flow: node('callflow', { id: 'flow2' }) }), { others: [other] });
    expect(run.steps).toMatchObject([
      { callflowId: 'flow1', result: 'On to Other', exit: null },
      { callflowId: 'flow2', path: [], module: 'hangup' },
    ]);
  });

  it('goes on where it stands when there is no such callflow, as in Kazoo', () => {
    const flow = node('callflow', { id: 'gone' }, { _: node('hangup') });
    expect(drive(callflowWith({ flow })).run.steps).toMatchObject([
      { result: 'There is no callflow gone' },
      { module: 'hangup' },
    ]);
  });
});
