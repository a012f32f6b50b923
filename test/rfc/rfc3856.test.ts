import { expect } from 'vitest';
import { headerOf } from '../../src/sip/message.ts';
import { readNotify } from '../support/lamp-document.ts';
import type { Stage } from '../support/rfc-stage.ts';
import { type Clause, testClauses } from './clauses.ts';
import { subscribing } from './subscribe-text.ts';

/** The PIDF that a phone is shown for a status. */
async function pidfOf(
  stage: Stage,
  status: 'idle' | 'ringing' | 'busy',
): Promise<{ readonly uri: string; readonly text: string; readonly type: string | null }> {
  const uri = stage.uri();
  if (status !== 'idle') await stage.set(uri, status);
  const subscription = await (await stage.phone()).subscribe(uri, { event: 'presence' });
  const notify = await subscription.nextNotify();
  return { uri, text: readNotify(notify).text, type: headerOf(notify, 'content-type') };
}

const CLAUSES: readonly Clause[] = [
  {
    name: 'RFC 3856 §6.4: without Expires a subscription lasts an hour at most',
    check: async (stage) => {
      const accepted = await subscribing(await stage.phone(), 'event', 'presence');
      expect(accepted.status).toBe(200);
      expect(Number(headerOf(accepted, 'expires'))).toBeLessThanOrEqual(3600);
    },
  },
  {
    name: 'RFC 3856 §6.5: application/pidf+xml is the type without Accept',
    check: async (stage) => {
      expect((await pidfOf(stage, 'idle')).type).toBe('application/pidf+xml');
    },
  },
  {
    name: 'RFC 3856 §6.7: the type comes from Accept, and there is 406 for others',
    check: async (stage) => {
      const refused = await subscribing(await stage.phone(), 'event', 'presence', 'accept', 'text/plain');
      expect(refused.status).toBe(406);
    },
  },
  {
    name: 'RFC 3863 §4.1.1: the root is presence with its namespace (without the colon of the text) and entity',
    check: async (stage) => {
      const { uri, text } = await pidfOf(stage, 'busy');
      expect(text).toMatch(/<presence [^>]*xmlns="urn:ietf:params:xml:ns:pidf"/);
      expect(text).toContain(` entity="${uri}"`);
    },
  },
  {
    name: 'RFC 3863 §4.1.2: each tuple has an id of its own, and with basic a contact (§4.1.5)',
    check: async (stage) => {
      const { text } = await pidfOf(stage, 'busy');
      const ids = [...text.matchAll(/<tuple id="([^"]+)"/g)].map(([, id]) => id);
      expect(ids.length).toBeGreaterThan(0);
      expect(new Set(ids).size).toBe(ids.length);
      expect(text).toMatch(/<tuple [^>]*><status><basic>open<\/basic><\/status><contact/);
    },
  },
  {
    name: 'RFC 3863 §4.1.7: no timestamp is repeated: there is none',
    check: async (stage) => {
      expect((await pidfOf(stage, 'busy')).text).not.toContain('timestamp');
    },
  },
  {
    name: 'RFC 4480 §3.2: activities stand in a person of RFC 4479, under namespaces that are declared',
    check: async (stage) => {
      const busy = await pidfOf(stage, 'busy');
      expect(busy.text).toMatch(
        /<dm:person [^>]*>.*<rpid:activities><rpid:on-the-phone\/><\/rpid:activities>/s,
      );
      expect(busy.text).toContain('xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid"');
      expect(busy.text).toContain('xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"');
      expect((await pidfOf(stage, 'ringing')).text).toContain('<rpid:busy/>');
      expect((await pidfOf(stage, 'idle')).text).not.toContain('<rpid:activities>');
    },
  },
];

testClauses(CLAUSES);
