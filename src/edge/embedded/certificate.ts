import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext, type SecureContext, type SecureVersion } from 'node:tls';
import { Fault } from '../../errors.ts';

/** Where a certificate is, and how it is followed. */
export interface CertificateOptions {
  /** Path of a PEM file: our certificate first, then those between it and a root. */
  readonly certificate: string;
  /** Path of the PEM file of its private key, without a passphrase. */
  readonly key: string;
  readonly minVersion: SecureVersion;
  /** How often the files are looked at; 2 s unless given. */
  readonly everyMs?: number;
  log(level: 'info' | 'warn', message: string, details: Readonly<Record<string, unknown>>): void;
}

/** Polled, since no notification of the system sees through symbolic links, mounts and network drives alike. */
const EVERY_MS = 2_000;

interface Loaded {
  readonly context: SecureContext;
  readonly validTo: string;
  /** Tells one pair of files from another. */
  readonly mark: string;
}

/** A certificate that follows its files. Throws CONFIG_INVALID when it cannot be used at the start. */
export function openCertificate(options: CertificateOptions): Certificate {
  try {
    return new Certificate(options, load(options));
  } catch (cause) {
    const message = `Cannot use "${options.certificate}" (sip.tlsCertificate) with "${options.key}" (sip.tlsKey): ${reasonOf(cause)}, they must be PEM files of a certificate and its key`;
    throw new Fault('CONFIG_INVALID', message, { cause });
  }
}

/** The certificate to show to phones, always the newest that can be used. */
export class Certificate {
  readonly #options: CertificateOptions;
  #loaded: Loaded;
  readonly #changed = (): void => this.reload();

  constructor(options: CertificateOptions, loaded: Loaded) {
    this.#options = options;
    this.#loaded = loaded;
    this.#warnIfOld();
    for (const path of this.#paths) {
      watchFile(path, { interval: options.everyMs ?? EVERY_MS, persistent: false }, this.#changed);
    }
  }

  /** For the next handshake; connections that are open keep what they have. */
  get context(): SecureContext {
    return this.#loaded.context;
  }

  /** Reads the files again. What cannot be used is logged and the old certificate kept. */
  reload(): void {
    try {
      const loaded = load(this.#options);
      if (loaded.mark === this.#loaded.mark) return;
      this.#loaded = loaded;
      this.#options.log('info', 'The TLS certificate was changed', { validTo: loaded.validTo });
      this.#warnIfOld();
    } catch (error) {
      // Half a change looks like this too: certificate and key are two files. The other half comes with the next look.
      this.#options.log('warn', 'The new TLS certificate cannot be used, the old one is kept', {
        reason: reasonOf(error),
      });
    }
  }

  /** Follows the files no longer. */
  close(): void {
    for (const path of this.#paths) unwatchFile(path, this.#changed);
  }

  get #paths(): readonly string[] {
    return [...new Set([this.#options.certificate, this.#options.key])];
  }

  #warnIfOld(): void {
    const { validTo } = this.#loaded;
    if (Date.parse(validTo) > Date.now()) return;
    this.#options.log('warn', 'The TLS certificate has expired', { validTo });
  }
}

function load({ certificate, key, minVersion }: CertificateOptions): Loaded {
  const [cert, secret] = [readFileSync(certificate), readFileSync(key)];
  const context = createSecureContext({ cert, key: secret, minVersion });
  const mark = createHash('sha256').update(cert).update(secret).digest('hex');
  return { context, validTo: new X509Certificate(cert).validTo, mark };
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
}
