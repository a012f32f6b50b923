import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Certificate, openCertificate } from '../../../../src/edge/embedded/certificate.ts';
import { isFault } from '../../../../src/errors.ts';
import { makeCertificate, type TestCertificate } from '../../../support/certificate.ts';

describe('a certificate', () => {
  let dir: string;
  let opened: Certificate | null;
  const lines: string[] = [];
  const path = (name: string): string => join(dir, name);

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'lamplighter-certificate-'));
    lines.length = 0;
    opened = null;
  });
  afterEach(() => {
    opened?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  function write({ cert, key }: Partial<TestCertificate>): void {
    if (cert !== undefined) writeFileSync(path('cert.pem'), cert);
    if (key !== undefined) writeFileSync(path('key.pem'), key);
  }

  function open(everyMs = 60_000): Certificate {
    const files = { certificate: path('cert.pem'), key: path('key.pem') };
    opened = openCertificate({
      ...files,
      minVersion: 'TLSv1.2',
      everyMs,
      log: (_level, message) => void lines.push(message),
    });
    return opened;
  }

  test('that is not there cannot be opened, and the setting is named', () => {
    expect(open).toThrow(/cert\.pem" \(sip\.tlsCertificate\).*ENOENT/);
  });

  test.each([
    ['no PEM', async () => ({ cert: 'hello', key: 'hello' })],
    [
      'of another key',
      async () => ({ cert: (await makeCertificate()).cert, key: (await makeCertificate()).key }),
    ],
  ])('that is %s is CONFIG_INVALID', async (_, make) => {
    write(await make());
    try {
      open();
      expect.unreachable();
    } catch (error) {
      expect(isFault(error, 'CONFIG_INVALID')).toBe(true);
    }
  });

  test('that is changed is used from the next handshake on', async () => {
    write(await makeCertificate());
    const certificate = open();
    const before = certificate.context;
    write(await makeCertificate());
    certificate.reload();
    expect(certificate.context).not.toBe(before);
    expect(lines).toEqual(['The TLS certificate was changed']);
  });

  test('that was not changed is left alone', async () => {
    write(await makeCertificate());
    const certificate = open();
    const before = certificate.context;
    certificate.reload();
    expect(certificate.context).toBe(before);
    expect(lines).toEqual([]);
  });

  test('stays when the new one cannot be used, and the half of a change that comes later completes it', async () => {
    write(await makeCertificate());
    const certificate = open();
    const before = certificate.context;
    const next = await makeCertificate();
    write({ cert: next.cert });
    certificate.reload();
    expect(certificate.context).toBe(before);
    expect(lines).toEqual(['The new TLS certificate cannot be used, the old one is kept']);
    write({ key: next.key });
    certificate.reload();
    expect(certificate.context).not.toBe(before);
  });

  test('follows its files by itself', async () => {
    write(await makeCertificate());
    const certificate = open(20);
    const before = certificate.context;
    write(await makeCertificate());
    await expect.poll(() => certificate.context !== before, { timeout: 20_000 }).toBe(true);
  });
});
