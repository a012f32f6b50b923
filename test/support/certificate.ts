import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianProgram } from './debian-program.ts';

/** A certificate that signed itself, and its key, in PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A new certificate for `name`, `localhost` and 127.0.0.1, valid for `days`. */
export async function makeCertificate(name = 'localhost', days = 2): Promise<TestCertificate> {
  const openssl = await debianProgram('openssl', 'openssl');
  const dir = mkdtempSync(join(tmpdir(), 'lamplighter-tls-'));
  try {
    const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
    const names = `subjectAltName=DNS:${name},DNS:localhost,IP:127.0.0.1`;
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    args.push('-days', `${days}`, '-subj', `/CN=${name}`, '-addext', names, '-keyout', key, '-out', cert);
    execFileSync(openssl, args, { stdio: 'ignore' });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
