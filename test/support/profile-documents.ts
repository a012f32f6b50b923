import type { Board } from '../../src/presence/board.ts';
import type { Leg } from '../../src/presence/leg.ts';
import { fillDocument } from '../../src/presence/package/document.ts';
import { findPackage } from '../../src/presence/package/event-package.ts';
import { PIDF } from '../../src/presence/package/pidf.ts';
import { XPIDF } from '../../src/presence/package/xpidf.ts';
import type { Profile } from '../../src/presence/profile.ts';
import { boardWith } from './boards.ts';
import { styleWith } from './document-style.ts';

/** A call to 1001 that rings there. */
const RINGING: Leg = {
  id: 'leg-2',
  state: 'early',
  direction: 'recipient',
  callId: 'a84b4c76e66710@pbx.acme.example',
  localTag: '314159',
  remoteTag: '1928301774',
  local: { identity: 'sip:1001@acme.example', display: 'Front desk' },
  remote: { identity: 'sip:1002@acme.example', display: 'Zoë', target: 'sip:1002@192.0.2.12:5060' },
  expiresAt: 1,
};

/** A call that 1001 has made. */
const TALKING: Leg = {
  id: 'leg-1',
  state: 'confirmed',
  direction: 'initiator',
  callId: '77b1c3@pbx.acme.example',
  localTag: '888',
  remoteTag: '999',
  remote: { identity: 'sip:+4930123@acme.example' },
  expiresAt: 1,
};

const BOARDS: readonly (readonly [string, Board])[] = [
  ['idle', boardWith({ lastDialogId: 'leg-0' })],
  ['ringing', boardWith({ legs: [RINGING] })],
  ['busy', boardWith({ legs: [TALKING] })],
  ['held', boardWith({ legs: [{ ...TALKING, held: true }] })],
  ['two calls', boardWith({ legs: [TALKING, RINGING] })],
];

/** The documents that a phone with this profile gets for sip:1001@acme.example, of both packages. */
export function documentsFor(profile: Profile): readonly { readonly name: string; readonly text: string }[] {
  const presence = profile.presence === 'xpidf' ? XPIDF : PIDF;
  return [
    ...BOARDS.map(([name, board]) => ({ name, text: documentOf(board, profile, null) })),
    ...BOARDS.slice(0, 3).map(([name, board]) => ({
      name: `presence: ${name}`,
      text: documentOf(board, profile, presence),
    })),
  ];
}

function documentOf(board: Board, profile: Profile, presence: string | null): string {
  const style = styleWith({
    profile,
    ...(presence !== null && { package: 'presence', contentType: presence }),
  });
  const template = findPackage(style.package)?.encode?.(board, style);
  if (template === undefined) throw new Error(`No document for ${profile.name}`);
  return fillDocument(template, 'sip:1001@acme.example', 7);
}
