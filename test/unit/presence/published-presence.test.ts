import { describe, expect, it } from 'vitest';
import { readPublishedPresence } from '../../../src/presence/published-presence.ts';
import { readXml } from '../../../src/xml-reader.ts';
import { pidf } from '../../support/published.ts';

function read(document: string) {
  const root = readXml(document);
  if (root === null) throw new Error('The document of the test is malformed');
  const state = readPublishedPresence(root);
  return state?.package === 'presence' ? state.presence : null;
}

const NAMESPACE = 'xmlns="urn:ietf:params:xml:ns:pidf"';

describe('readPublishedPresence()', () => {
  it('reads basic, activities and note (RFC 3863 §4, RFC 4480 §3.2)', () => {
    expect(read(pidf('on-the-phone', 'Back at  noon'))).toEqual({
      basic: 'open',
      activities: ['on-the-phone'],
      note: 'Back at noon',
    });
  });

  it('is closed only when every tuple says so (RFC 3863 §4.1.4)', () => {
    const tuple = (basic: string) => `<tuple id="${basic}"><status><basic>${basic}</basic></status></tuple>`;
    const basic = (inside: string) => read(`<presence ${NAMESPACE}>${inside}</presence>`)?.basic;
    expect(basic(tuple('closed'))).toBe('closed');
    expect(basic(tuple('closed') + tuple('open'))).toBe('open');
    expect(basic('<tuple id="1"><status/></tuple>')).toBe('open');
    expect(basic('')).toBe('open');
  });

  it('reads the drafts that phones still speak, and prefixes that nobody declared', () => {
    const draft = `<presence ${NAMESPACE} xmlns:es="urn:ietf:params:xml:ns:pidf:rpid:status:rpid-status">
      <tuple id="1"><status><basic>open</basic><es:activities><es:Busy/></es:activities></status></tuple></presence>`;
    expect(read(draft)?.activities).toEqual(['busy']);
    const bare = '<presence><dm:person><rpid:activities><rpid:dnd/></rpid:activities></dm:person></presence>';
    expect(read(bare)?.activities).toEqual(['dnd']);
  });

  it('takes no activity from another namespace, none that says nothing, and few', () => {
    const inside = (names: string) =>
      `<presence ${NAMESPACE} xmlns:x="urn:example:x" xmlns:r="urn:ietf:params:xml:ns:pidf:rpid">${names}</presence>`;
    expect(read(inside('<x:activities><x:busy/></x:activities>'))?.activities).toEqual([]);
    const nothing =
      '<r:activities><r:note>hi</r:note><r:unknown/><r:other>x</r:other><r:a_b/></r:activities>';
    expect(read(inside(nothing))?.activities).toEqual([]);
    const many = Array.from({ length: 20 }, (_, n) => `<r:a${n}/>`).join('');
    expect(read(inside(`<r:activities>${many}</r:activities>`))?.activities).toHaveLength(16);
  });

  it('cuts a long note', () => {
    expect(read(pidf('busy', 'x'.repeat(300)))?.note).toHaveLength(256);
  });

  it('is null for another document', () => {
    expect(read('<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info"/>')).toBeNull();
  });
});
