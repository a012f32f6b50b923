import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Board } from '../../../../src/presence/board.ts';
import { fillDocument } from '../../../../src/presence/package/document.ts';
import { encodePidf } from '../../../../src/presence/package/pidf.ts';
import type { View } from '../../../../src/presence/package/style.ts';
import { boardWith } from '../../../support/boards.ts';
import { styleWith } from '../../../support/document-style.ts';
import { isWellFormed } from '../../../support/well-formed.ts';

function document(board: Board | null, view: View = 'all'): string {
  return fillDocument(encodePidf(board, styleWith({ view })), 'sip:night@acme.example', 0);
}

describe('pidf', () => {
  it('RFC 3863 §4.1: names the presentity and has one tuple with basic status and contact', () => {
    const text = document(null);
    expect(text).toContain('xmlns="urn:ietf:params:xml:ns:pidf"');
    expect(text).toContain('entity="sip:night@acme.example"');
    expect(text).toContain(
      '<tuple id="lamp"><status><basic>open</basic></status><contact>sip:night@acme.example</contact><note>Ready</note></tuple>',
    );
    expect(text).not.toContain('activities');
  });

  it.each([
    ['busy', 'on-the-phone', 'On the phone'],
    ['ringing', 'busy', 'Ringing'],
  ] as const)('RFC 4480 §3.2: manual %s is the activity %s with a note', (status, activity, note) => {
    const text = document(boardWith({ manual: { status, dialogId: 'm' } }));
    expect(text).toContain(`<rpid:activities><rpid:${activity}/></rpid:activities>`);
    expect(text).toContain(`<note>${note}</note>`);
  });

  it('shows the note that was set with the status', () => {
    const manual = { status: 'busy', note: 'Back at <2>', dialogId: 'm' } as const;
    expect(document(boardWith({ manual }))).toContain('<note>Back at &lt;2&gt;</note>');
  });

  it('tells a watcher of the lamp no note, and one of nothing an idle lamp', () => {
    const board = boardWith({ manual: { status: 'busy', note: 'At the dentist', dialogId: 'm' } });
    expect(document(board, 'lamp')).toContain('<note>On the phone</note>');
    expect(document(board, 'lamp')).not.toContain('dentist');
    expect(document(board, 'nothing')).toBe(document(null));
  });

  it('stays well-formed whatever a note holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (note) => {
        const manual = { status: 'busy', note, dialogId: 'm' } as const;
        expect(isWellFormed(document(boardWith({ manual })))).toBe(true);
      }),
    );
  });
});
