import { describe, expect, it } from 'vitest';
import type { PublishedDialog } from '../../../src/presence/publication.ts';
import { readPublishedDialogs } from '../../../src/presence/published-dialogs.ts';
import { readXml } from '../../../src/xml-reader.ts';
import { dialogInfo, dialogText } from '../../support/published.ts';

function read(document: string) {
  const root = readXml(document);
  if (root === null) throw new Error('The document of the test is malformed');
  return readPublishedDialogs(root);
}

function dialogsIn(inside: string): readonly PublishedDialog[] {
  const state = read(dialogInfo(inside));
  return state?.package === 'dialog' ? state.dialogs : expect.fail('no dialog-info');
}

describe('readPublishedDialogs()', () => {
  it('reads every part of a dialog that a lamp can show (RFC 4235 §4.1)', () => {
    const inside = `<dialog id="as7d" call-id="a84b" local-tag="lt" remote-tag="rt" direction="recipient">
      <state event="rejected" code="486">early</state><duration>7</duration>
      <local><identity display="Night &amp; Day">sip:night@acme.example</identity><target uri="sip:night@192.0.2.7"/></local>
      <remote><identity display="Zoë">sip:1001@acme.example</identity><target uri="sip:1001@192.0.2.8"/></remote>
    </dialog>`;
    expect(dialogsIn(inside)).toEqual([
      {
        id: 'as7d',
        state: 'early',
        direction: 'recipient',
        callId: 'a84b',
        localTag: 'lt',
        remoteTag: 'rt',
        local: {
          identity: 'sip:night@acme.example',
          display: 'Night & Day',
          target: 'sip:night@192.0.2.7',
        },
        remote: { identity: 'sip:1001@acme.example', display: 'Zoë', target: 'sip:1001@192.0.2.8' },
      },
    ]);
  });

  it.each([
    ['sip.rendering', 'pval'],
    ['+sip.rendering', 'pvalue'],
  ])('sees hold in %s with %s (RFC 4235 §5.2, and as phones write it)', (name, attribute) => {
    const param = `<param pname="${name}" ${attribute}="no"/>`;
    const inside = `<dialog id="1"><state>confirmed</state><local><target uri="sip:a@b">${param}</target></local></dialog>`;
    expect(dialogsIn(inside)).toMatchObject([{ held: true, local: { identity: 'sip:a@b' } }]);
    expect(dialogsIn(inside.replace('"no"', '"yes"'))[0]?.held).toBeUndefined();
  });

  it('tells partial documents from full ones, and needs neither version nor namespace', () => {
    expect(read(dialogInfo('', 'version="9" state="partial"'))).toMatchObject({ partial: true });
    expect(read(dialogInfo(''))).toMatchObject({ partial: false });
    const bare = '<dialog-info><dialog id="1"><state>early</state></dialog></dialog-info>';
    expect(read(bare)).toMatchObject({ dialogs: [{ id: '1', state: 'early' }], partial: false });
    const prefixed =
      '<d:dialog-info xmlns:d="urn:ietf:params:xml:ns:dialog-info"><d:dialog id="2"/></d:dialog-info>';
    expect(read(prefixed)).toMatchObject({ dialogs: [{ id: '2' }] });
  });

  it('takes a dialog without a state, or with one that is none, as over (RFC 4235 §4.1.5)', () => {
    expect(dialogsIn('<dialog id="1"/><dialog id="2"><state>ringing</state></dialog>')).toMatchObject([
      { state: 'terminated' },
      { state: 'terminated' },
    ]);
  });

  it('names a dialog without id after its Call-ID, and leaves out one without either', () => {
    const inside = '<dialog call-id="c1"><state>early</state></dialog><dialog><state>early</state></dialog>';
    expect(dialogsIn(inside)).toEqual([{ id: 'c1', callId: 'c1', state: 'early' }]);
  });

  it('leaves out what is too long, and what no phone could call', () => {
    const inside = `<dialog id="1" call-id="${'x'.repeat(257)}"><state>early</state>
      <remote><identity>javascript:alert(1)</identity></remote></dialog>${dialogText('y'.repeat(257), 'early')}`;
    expect(dialogsIn(inside)).toEqual([{ id: '1', state: 'early' }]);
    const many = Array.from({ length: 20 }, (_, n) => dialogText(`d${n}`, 'early')).join('');
    expect(dialogsIn(many)).toHaveLength(16);
  });

  it('is null for another document', () => {
    expect(read('<presence xmlns="urn:ietf:params:xml:ns:pidf"/>')).toBeNull();
    expect(read('<dialog-info xmlns="urn:example:other"/>')).toBeNull();
  });
});
