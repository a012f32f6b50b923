import { describe, expect, test } from 'vitest';
import { readDialogInfo, type SeenDialog } from '../../../src/presence/seen-dialogs.ts';
import { lampOf } from '../../../src/presence/seen-lamp.ts';

const ORDER = ['early', 'confirmed', 'proceeding', 'trying', 'terminated'] as const;

function documentOf(...dialogs: readonly string[]): string {
  return `<?xml version="1.0"?>\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full" entity="sip:a@b">${dialogs.join('\n')}</dialog-info>\n`;
}

const dialog = (state: string, inside = '') => `<dialog id="d"><state>${state}</state>${inside}</dialog>`;

function lampIn(document: string) {
  return lampOf(readDialogInfo(document) ?? [], ORDER);
}

describe('readDialogInfo()', () => {
  test('reads state, the other side and hold (RFC 4235 §4.1)', () => {
    const local =
      '<local><identity>sip:a@b</identity><target uri="sip:a@b"><param pname="sip.rendering" pval="no"/></target></local>';
    const remote =
      '<remote><identity display="Zo&#xEB; &lt;3&gt;">sip:c@d</identity><target uri="x>y"/></remote>';
    expect(readDialogInfo(documentOf(dialog('confirmed', local + remote)))).toEqual<SeenDialog[]>([
      { state: 'confirmed', held: true, remote: 'Zoë <3>' },
    ]);
  });

  test('reads prefixed names, attributes of state, and pvalue as most servers write it', () => {
    const text =
      '<di:dialog-info xmlns:di="x"><di:dialog id="1"><di:state event="timeout" code="5">early</di:state>' +
      '<di:local><di:target uri="x"><di:param pname="+sip.rendering" pvalue="no"/></di:target></di:local></di:dialog></di:dialog-info>';
    expect(readDialogInfo(text)).toEqual([{ state: 'early', held: true, remote: null }]);
  });

  test('is not led astray by comments and by rendering of the other side', () => {
    const remote =
      '<remote><identity>sip:c@d</identity><target uri="x"><param pname="sip.rendering" pval="no"/></target></remote>';
    const text = documentOf(`<!-- ${dialog('early')} -->`, dialog('confirmed', remote));
    expect(readDialogInfo(text)).toEqual([{ state: 'confirmed', held: false, remote: 'sip:c@d' }]);
  });

  test('a dialog without a state, or with an unknown one, says nothing of a call', () => {
    expect(lampIn(documentOf('<dialog id="d"/>', dialog('exploded')))).toEqual({
      lamp: 'idle',
      remote: null,
    });
  });

  test.each(['', 'busy', '<presence/>', '<dialog-infox/>'])('%j is no dialog-info', (text) => {
    expect(readDialogInfo(text)).toBeNull();
  });
});

describe('lampOf()', () => {
  test.each([
    [['terminated'], 'idle'],
    [['trying'], 'trying'],
    [['proceeding'], 'trying'],
    [['early'], 'ringing'],
    [['confirmed'], 'busy'],
    [['confirmed', 'early'], 'ringing'],
    [['terminated', 'trying', 'confirmed'], 'busy'],
  ])('dialogs %j make the lamp %s', (states, lamp) => {
    expect(lampIn(documentOf(...states.map((state) => dialog(state)))).lamp).toBe(lamp);
  });

  test('a document without dialogs is idle', () => {
    expect(lampIn(documentOf()).lamp).toBe('idle');
  });

  test('the order is that of the configuration', () => {
    const dialogs = readDialogInfo(documentOf(dialog('early'), dialog('confirmed'))) ?? [];
    const order = ['confirmed', 'early', 'proceeding', 'trying', 'terminated'] as const;
    expect(lampOf(dialogs, order).lamp).toBe('busy');
  });
});
