import { describe, expect, it } from 'vitest';
import type { Board } from '../../../../src/presence/board.ts';
import { fillDocument } from '../../../../src/presence/package/document.ts';
import { findPackage } from '../../../../src/presence/package/event-package.ts';
import type { View } from '../../../../src/presence/package/style.ts';
import { XPIDF } from '../../../../src/presence/package/xpidf.ts';
import { boardWith } from '../../../support/boards.ts';
import { styleWith } from '../../../support/document-style.ts';

function document(board: Board | null, view: View = 'all'): string {
  const style = styleWith({ package: 'presence', contentType: XPIDF, view });
  const template = findPackage('presence')?.encode?.(board, style);
  if (template?.contentType !== XPIDF) throw new Error('The presence package writes no XPIDF');
  return fillDocument(template, 'sip:night@acme.example', 0);
}

describe('xpidf', () => {
  it('draft-rosenberg-impp-pidf-00: names the presentity and has one address with its status', () => {
    expect(document(null)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<!DOCTYPE presence PUBLIC "-//IETF//DTD RFCxxxx XPIDF 1.0//EN" "xpidf.dtd">\n' +
        '<presence><presentity uri="sip:night@acme.example;method=SUBSCRIBE"/><atom id="night">' +
        '<address uri="sip:night@acme.example;user=ip" priority="0.800000"><status status="open"/>' +
        '<msnsubstatus substatus="online"/></address></atom></presence>\n',
    );
  });

  it.each(['busy', 'ringing'] as const)('is in use when manual %s', (status) => {
    const board = boardWith({ manual: { status, dialogId: 'm' } });
    expect(document(board)).toContain('<status status="inuse"/><msnsubstatus substatus="onthephone"/>');
    expect(document(board, 'nothing')).toBe(document(null));
  });
});
