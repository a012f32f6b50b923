import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Board } from '../../../../src/presence/board.ts';
import { encodeBriefDialogInfo, encodeDialogInfo } from '../../../../src/presence/package/dialog-info.ts';
import { fillDocument } from '../../../../src/presence/package/document.ts';
import type { DocumentStyle } from '../../../../src/presence/package/style.ts';
import { DEFAULT_PROFILE, type Profile } from '../../../../src/presence/profile.ts';
import { boardWith } from '../../../support/boards.ts';
import { styleWith } from '../../../support/document-style.ts';
import { isWellFormed } from '../../../support/well-formed.ts';

function document(board: Board | null, version = 0, style: Partial<DocumentStyle> = {}): string {
  return fillDocument(encodeDialogInfo(board, styleWith(style)), 'sip:night@acme.example', version);
}

/** The document for a phone with these differences. */
function forPhone(board: Board | null, differences: Partial<Profile>): string {
  return document(board, 0, { profile: { ...DEFAULT_PROFILE, ...differences } });
}

/** A call that rings at the watched phone, with all that an engine can know of it. */
const RINGING = {
  id: 'call-id@192.0.2.9',
  state: 'early',
  direction: 'recipient',
  callId: 'call-id@192.0.2.9',
  localTag: 'its-tag',
  remoteTag: 'callers-tag',
  local: { identity: 'sip:night@acme.example', display: 'Night desk', target: 'sip:night@192.0.2.7' },
  remote: { identity: 'sip:boss@acme.example', display: 'The Boss', target: 'sip:boss@192.0.2.1' },
  expiresAt: 1,
} as const;

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
    fillDocument(encodeBriefDialogInfo(board, styleWith()), 'sip:night@acme.example', 3);
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

describe('dialog-info for pickup', () => {
  it.each(['early', 'confirmed'] as const)(
    'RFC 3891 §3: %s names the call by Call-ID and both tags, local being the watched phone',
    (state) => {
      const text = document(boardWith({ legs: [{ ...RINGING, state }] }));
      expect(text).toContain(
        'call-id="call-id@192.0.2.9" local-tag="its-tag" remote-tag="callers-tag" direction="recipient"',
      );
      expect(text).toContain('<identity display="The Boss">sip:boss@acme.example</identity>');
      expect(text).toContain('<target uri="sip:boss@192.0.2.1"></target></remote>');
      expect(text).toContain('<target uri="sip:night@192.0.2.7"></target></local>');
    },
  );

  it.each([
    ['the feature code of FreeSWITCH', 'sip:**{user}@{host}', 'sip:**night@acme.example'],
    ['the watched phone itself, as older Asterisk', 'sip:{user}@{host}', 'sip:night@acme.example'],
    ['anything else, escaped', 'sip:*8&{user}@pbx', 'sip:*8&amp;night@pbx'],
  ])('gives the other side of a ringing call the target of the profile: %s', (_, pickup, target) => {
    const text = forPhone(boardWith({ legs: [RINGING] }), { pickup });
    expect(text).toContain(`sip:boss@acme.example</identity><target uri="${target}">`);
    const talking = forPhone(boardWith({ legs: [{ ...RINGING, state: 'confirmed' }] }), { pickup });
    expect(talking).toContain('<target uri="sip:boss@192.0.2.1">');
  });

  it('RFC 3323 §4.1.1.3: shows an anonymous party where it asked not to be shown', () => {
    const remote = { ...RINGING.remote, restricted: true };
    const text = document(boardWith({ legs: [{ ...RINGING, remote }] }));
    expect(text).toContain(
      '<remote><identity display="Anonymous">sip:anonymous@anonymous.invalid</identity>' +
        '<target uri="sip:anonymous@anonymous.invalid"></target></remote>',
    );
    expect(text).not.toMatch(/boss/i);
  });

  it('shows the watched URI instead of a local party that asked not to be shown', () => {
    const local = { ...RINGING.local, restricted: true };
    expect(document(boardWith({ legs: [{ ...RINGING, local }] }))).toContain(
      '<local><identity>sip:night@acme.example</identity><target uri="sip:night@acme.example"></target></local>',
    );
  });
});

describe('dialog-info for a watcher who may not see all', () => {
  const held = { ...RINGING, state: 'confirmed', held: true } as const;

  it.each([
    ['ringing', 'early', RINGING],
    ['held', 'confirmed', held],
  ] as const)(
    'RFC 4235 §3.7.2: a %s lamp is one virtual dialog that says nothing of the call',
    (id, state, leg) => {
      const text = document(boardWith({ legs: [leg] }), 0, { view: 'lamp' });
      expect(text).toContain(`<dialog id="${id}" direction="recipient"><state>${state}</state><local>`);
      expect(text).toContain(
        '<identity>sip:night@acme.example</identity><target uri="sip:night@acme.example">',
      );
      expect(text).not.toMatch(/boss|call-id|tag|remote|192|desk/i);
      expect(text.includes('sip.rendering')).toBe(id === 'held');
    },
  );

  it('does not tell how many calls there are, nor the id of one that ended', () => {
    const profile: Profile = { ...DEFAULT_PROFILE, dialogs: 'all' };
    const legs = [RINGING, held];
    expect(document(boardWith({ legs }), 0, { view: 'lamp', profile }).match(/<dialog /g)).toHaveLength(1);
    expect(document(boardWith({ lastDialogId: 'call-id@192.0.2.9' }), 0, { view: 'lamp' })).toContain(
      '<dialog id="idle" direction="recipient"><state>terminated</state>',
    );
  });

  it('RFC 6665 §6.2: polite blocking is the document of an idle lamp, whatever happens', () => {
    const idle = document(null, 3, { view: 'nothing' });
    const manual = { status: 'busy', dialogId: 'm' } as const;
    expect(document(boardWith({ legs: [RINGING], manual, lastDialogId: 'd' }), 3, { view: 'nothing' })).toBe(
      idle,
    );
    expect(idle).toContain('<state>terminated</state>');
  });
});

describe('dialog-info of a profile', () => {
  it('has all dialogs, the most telling first, where the phone takes them', () => {
    const legs = [{ id: 'talk', state: 'confirmed', expiresAt: 1 }, RINGING] as const;
    const text = forPhone(boardWith({ legs }), { dialogs: 'all' });
    expect([...text.matchAll(/<state>(\w+)/g)].map((match) => match[1])).toEqual(['early', 'confirmed']);
  });

  it('has no dialog when idle where the phone wants none', () => {
    expect(forPhone(boardWith({ lastDialogId: 'd' }), { idle: 'empty' })).toContain(
      'entity="sip:night@acme.example"></dialog-info>',
    );
    expect(forPhone(boardWith({ legs: [RINGING] }), { idle: 'empty' })).toContain('<dialog ');
  });

  it('tells hold as the phone reads it; early gets an id of its own, for confirmed came before it', () => {
    const legs = [{ id: 'l', state: 'confirmed', held: true, expiresAt: 1 }] as const;
    const hold = { state: 'early', param: '+sip.rendering', attribute: 'pvalue' } as const;
    const text = forPhone(boardWith({ legs }), { hold });
    expect(text).toContain('<dialog id="l-held" direction="recipient"><state>early</state>');
    expect(text).toContain('<param pname="+sip.rendering" pvalue="no"/>');
  });

  it('has no names for people where the phone shows them badly', () => {
    expect(forPhone(boardWith({ legs: [RINGING] }), { displays: false })).not.toContain('display=');
  });

  it('has the entity without scheme and two identities as BroadWorks', () => {
    const text = forPhone(boardWith({ legs: [RINGING] }), { lists: 'broadworks' });
    expect(text).toContain('entity="night@acme.example"');
    expect(text).toContain(
      '<identity display="Night desk">sip:night@acme.example</identity><identity>tel:night;ext=night</identity>',
    );
  });
});
