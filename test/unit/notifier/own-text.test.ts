import { describe, expect, it } from 'vitest';
import { isSameFlow, ownFlow, ownStack, ownTexts, SharedTexts } from '../../../src/notifier/own-text.ts';
import { FLOW } from '../../support/recording-edge.ts';

describe('texts of a record', () => {
  it('are the same characters, whatever they are', () => {
    const texts = ['', 'sip:phone1@127.0.0.1:5060', 'quoted "\\" \u0000 \xff', 'Zoë \u{1f4a1}'];
    expect(ownTexts(texts)).toEqual(texts);
    const shared = new SharedTexts();
    for (const text of [...texts, 'x'.repeat(1000)]) expect(shared.of(text)).toBe(text);
  });

  it('a dialog of a stack stays the same, and none stays none', () => {
    const stack = {
      server: '192.0.2.1:9022',
      dialogId: 'caf\xc3\xa9;from-tag=theirs',
      flow: FLOW,
      target: 'sip:phone1@127.0.0.1:5060',
      inDialog: true,
    };
    expect(ownStack(stack, new SharedTexts())).toEqual(stack);
    expect(ownStack({ ...stack, inDialog: false }, new SharedTexts())).toEqual({ ...stack, inDialog: false });
    expect(ownStack(null, new SharedTexts())).toBeNull();
  });

  it('a flow stays the same flow; another port or address is another one', () => {
    const own = ownFlow(FLOW, new SharedTexts());
    expect(own).toEqual(FLOW);
    expect(isSameFlow(own, FLOW)).toBe(true);
    expect(isSameFlow({ ...own, remotePort: 1 }, FLOW)).toBe(false);
    expect(isSameFlow({ ...own, remoteAddress: '192.0.2.99' }, FLOW)).toBe(false);
    expect(isSameFlow({ ...own, transport: 'tcp' }, FLOW)).toBe(false);
    expect(isSameFlow({ ...own, localAddress: '192.0.2.99' }, FLOW)).toBe(false);
    expect(isSameFlow({ ...own, localPort: 1 }, FLOW)).toBe(false);
  });
});
