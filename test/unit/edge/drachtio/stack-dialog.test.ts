import { describe, expect, test } from 'vitest';
import { type DialogNews, dialogIdOf, stackAfter } from '../../../../src/edge/drachtio/stack-dialog.ts';
import type { StackDialog } from '../../../../src/ports/edge.ts';

const FLOW = {
  transport: 'udp',
  remoteAddress: '192.0.2.7',
  remotePort: 5060,
  localAddress: '192.0.2.1',
  localPort: 5060,
} as const;

/** A refresh that changes nothing. */
const REFRESH: DialogNews = {
  server: 'a:9022',
  dialogId: dialogIdOf('call', 'phone'),
  known: true,
  hasToTag: true,
  flow: FLOW,
  target: 'sip:100@192.0.2.7',
};
const FIRST: StackDialog = {
  server: 'a:9022',
  dialogId: 'call;from-tag=phone',
  flow: FLOW,
  target: 'sip:100@192.0.2.7',
  inDialog: true,
};

describe('stackAfter()', () => {
  test('keeps flow and Contact of the SUBSCRIBE that forms the dialog', () => {
    expect(stackAfter({ ...REFRESH, known: false, hasToTag: false }, null)).toEqual(FIRST);
  });

  test('keeps what there was when nothing has changed', () => {
    expect(stackAfter(REFRESH, FIRST)).toBe(FIRST);
  });

  test.each<[string, Partial<DialogNews>]>([
    ['another port', { flow: { ...FLOW, remotePort: 5061 } }],
    ['another address', { flow: { ...FLOW, remoteAddress: '192.0.2.8' } }],
    ['another transport', { flow: { ...FLOW, transport: 'tcp' } }],
    ['another Contact', { target: 'sip:100@192.0.2.7:5070' }],
    ['a server that has lost the dialog (rule 10)', { known: false }],
  ])('rule 5: leaves the dialog for good after %s', (_, change) => {
    const moved = stackAfter({ ...REFRESH, ...change }, FIRST);
    expect(moved).toEqual({ ...FIRST, inDialog: false });
    expect(stackAfter(REFRESH, moved)).toBe(moved);
  });

  test('does not care through which of our addresses the phone was heard', () => {
    expect(stackAfter({ ...REFRESH, flow: { ...FLOW, localPort: 5080 } }, FIRST)).toBe(FIRST);
  });

  test('follows the phone to another server, out of dialog', () => {
    const { server, inDialog } = stackAfter({ ...REFRESH, server: 'b:9022' }, FIRST);
    expect([server, inDialog]).toEqual(['b:9022', false]);
  });

  test('RFC 6665 §4.5.2: a second subscription in a dialog uses the dialog of the first', () => {
    expect(stackAfter(REFRESH, null).inDialog).toBe(true);
    expect(stackAfter({ ...REFRESH, known: false }, null).inDialog).toBe(false);
  });
});
