import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Board } from '../../../../src/presence/board.ts';
import type { LampOrder } from '../../../../src/presence/lamp.ts';
import { encodeBriefDialogInfo, encodeDialogInfo } from '../../../../src/presence/package/dialog-info.ts';
import { fillDocument } from '../../../../src/presence/package/document.ts';
import { boardWith } from '../../../support/boards.ts';
import { isWellFormed } from '../../../support/well-formed.ts';

const ORDER: LampOrder = ['early', 'confirmed', 'proceeding', 'trying', 'terminated'];

function document(board: Board | null, version = 0): string {
  return fillDocument(encodeDialogInfo(board, { order: ORDER }), 'sip:night@acme.example', version);
}

describe('dialog-info', () => {
  it('RFC 4235 §4.1: carries version, full state and the entity that the phone asked for', () => {
    expect(document(null, 17)).toContain(
      '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="17" state="full" entity="sip:night@acme.example">',
    );
  });

  it('is never empty: idle is one terminated dialog, carrying the id of the dialog that ended', () => {
    expect(document(boardWith({ lastDialogId: 'd3' }))).toContain(
      '<dialog id="d3" direction="recipient"><state>terminated</state>',
    );
  });

  it.each([
    ['busy', 'confirmed'],
    ['ringing', 'early'],
  ] as const)('shows manual %s as %s', (status, state) => {
    const board = boardWith({ manual: { status, dialogId: 'm1' } });
    expect(document(board)).toContain(`<dialog id="m1" direction="recipient"><state>${state}</state>`);
  });

  it('RFC 4235 §4.4: has state, local and remote in the order of the schema', () => {
    const leg = {
      id: 'leg1',
      state: 'early',
      direction: 'recipient',
      callId: 'c@x',
      localTag: 'lt',
      remoteTag: 'rt',
      remote: { identity: 'sip:boss@acme.example', display: 'The Boss', target: 'sip:boss@192.0.2.1' },
      expiresAt: 1,
    } as const;
    expect(document(boardWith({ legs: [leg] }))).toContain(
      '<dialog id="leg1" call-id="c@x" local-tag="lt" remote-tag="rt" direction="recipient"><state>early</state>' +
        '<local><identity>sip:night@acme.example</identity><target uri="sip:night@acme.example"></target></local>' +
        '<remote><identity display="The Boss">sip:boss@acme.example</identity>' +
        '<target uri="sip:boss@192.0.2.1"></target></remote></dialog>',
    );
  });

  it('RFC 4235 §5.2: a call on hold renders no media', () => {
    const leg = { id: 'l', state: 'confirmed', held: true, expiresAt: 1 } as const;
    expect(document(boardWith({ legs: [leg] }))).toContain('<param pname="sip.rendering" pval="no"/>');
  });

  it('shows one dialog only, the most telling', () => {
    const legs = [
      { id: 'talk', state: 'confirmed', expiresAt: 1 },
      { id: 'ring', state: 'early', expiresAt: 1 },
    ] as const;
    const text = document(boardWith({ legs }));
    expect(text.match(/<dialog /g)).toHaveLength(1);
    expect(text).toContain('<dialog id="ring"');
  });

  it('stays well-formed whatever a name holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (display) => {
        const remote = { identity: `sip:${display}@x`, display };
        const legs = [{ id: display, state: 'early', callId: display, remote, expiresAt: 1 }] as const;
        expect(isWellFormed(document(boardWith({ legs })))).toBe(true);
      }),
    );
  });

  it('keeps emoji and the five special characters of XML readable', () => {
    const remote = { identity: 'sip:a@b', display: `&<>"' 😀` };
    const legs = [{ id: 'l', state: 'early', remote, expiresAt: 1 }] as const;
    expect(document(boardWith({ legs }))).toContain('display="&amp;&lt;&gt;&quot;&apos; 😀"');
  });
});

describe('brief dialog-info', () => {
  const text = (board: Board) =>
    fillDocument(encodeBriefDialogInfo(board, { order: ORDER }), 'sip:night@acme.example', 3);
  const remote = { identity: 'sip:boss@acme.example', display: 'The Boss', target: 'sip:boss@192.0.2.1' };
  const leg = {
    id: 'l',
    state: 'early',
    callId: 'c@x',
    localTag: 'lt',
    remoteTag: 'rt',
    remote,
    expiresAt: 1,
  } as const;

  it('keeps state, direction and what Replaces needs, and leaves out names and targets', () => {
    const brief = text(boardWith({ legs: [{ ...leg, direction: 'recipient' }] }));
    expect(brief).toContain('version="3" state="full" entity="sip:night@acme.example"');
    expect(brief).toContain(
      '<dialog id="l" call-id="c@x" local-tag="lt" remote-tag="rt" direction="recipient"><state>early</state>' +
        '<local><identity>sip:night@acme.example</identity></local>' +
        '<remote><identity>sip:boss@acme.example</identity></remote></dialog>',
    );
  });

  it('still tells that a call is on hold', () => {
    const legs = [{ ...leg, state: 'confirmed', held: true }] as const;
    expect(text(boardWith({ legs }))).toContain('<param pname="sip.rendering" pval="no"/>');
  });
});
