import { describe, expect, it } from 'vitest';
import { randomToken } from '../../support/phone.ts';
import type { Nodes } from './world.ts';

const MD5 = 'a'.repeat(32);
const SHA256 = 'b'.repeat(64);

/** The contract of `StoredCredentials`: passwords of SIP users, as hashes. */
export function credentialsContract(nodes: () => Nodes): void {
  describe('credentials', () => {
    it('put() stores a user for all nodes, whatever was stored', async () => {
      const { one, other } = nodes();
      const realm = `${randomToken()}.example`;
      expect(await one.credentials.find(realm, '1001')).toBeNull();
      await one.credentials.put(realm, '1001', { md5: MD5, sha256: SHA256 });
      expect(await other.credentials.find(realm, '1001')).toEqual({ md5: MD5, sha256: SHA256 });
      await other.credentials.put(realm, '1001', { md5: null, sha256: SHA256 });
      expect(await one.credentials.find(realm, '1001')).toEqual({ md5: null, sha256: SHA256 });
      await one.credentials.put(realm, '1001', { md5: MD5, sha256: null });
      expect(await one.credentials.find(realm, '1001')).toEqual({ md5: MD5, sha256: null });
    });

    it('keeps realms and names apart, to the letter', async () => {
      const { one } = nodes();
      const realm = `${randomToken()}.example`;
      await one.credentials.put(realm, 'Jürgen {x}', { md5: MD5, sha256: null });
      expect(await one.credentials.find(realm, 'jürgen {x}')).toBeNull();
      expect(await one.credentials.find(`x${realm}`, 'Jürgen {x}')).toBeNull();
      expect(await one.credentials.find(realm, 'Jürgen {x}')).toEqual({ md5: MD5, sha256: null });
    });

    it('remove() says whether there was a user', async () => {
      const { one, other } = nodes();
      const realm = `${randomToken()}.example`;
      await one.credentials.put(realm, '1001', { md5: MD5, sha256: null });
      expect([
        await other.credentials.remove(realm, '1001'),
        await one.credentials.remove(realm, '1001'),
      ]).toEqual([true, false]);
      expect(await one.credentials.find(realm, '1001')).toBeNull();
    });

    it('nonceSecret() is that of the first who offers one, on every node', async () => {
      const { one, other } = nodes();
      const first = await one.credentials.nonceSecret('the first secret of all');
      expect(await other.credentials.nonceSecret('a later secret')).toBe(first);
      expect(await one.credentials.nonceSecret('a later secret')).toBe(first);
    });
  });
}
