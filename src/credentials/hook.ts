import { Fault } from '../errors.ts';
import type { Credentials, HashedPassword } from '../ports/credentials.ts';

export interface HookOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly log: { warn(details: object, message: string): void; info(message: string): void };
}

/** The longest answer that is read, in characters. */
const LONGEST = 4096;

/**
 * Asks a web server of the operator: POST `{"realm", "user"}`, answered 200 with `{"md5"?, "sha256"?}`, or 404 for a user
 * that it does not know. CREDENTIALS_AWAY for anything else.
 */
export function hookCredentials(options: HookOptions): Credentials {
  const { log } = options;
  // One line when it fails, and one when it answers again.
  let failing = false;
  return {
    find: async (realm, user) => {
      try {
        const found = await ask(options, { realm, user });
        if (failing) log.info('auth.hook answers again');
        failing = false;
        return found;
      } catch (cause) {
        if (!failing) log.warn({ reason: String(cause) }, 'auth.hook cannot be asked for a user');
        failing = true;
        throw new Fault('CREDENTIALS_AWAY', `Cannot ask auth.hook for a user: ${String(cause)}`, { cause });
      }
    },
  };
}

async function ask(
  { url, timeoutMs }: HookOptions,
  question: { readonly realm: string; readonly user: string },
): Promise<HashedPassword | null> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(question),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  if (response.status === 404) return null;
  if (response.status !== 200) throw new Error(`it answered ${response.status}`);
  return readAnswer(text);
}

function readAnswer(text: string): HashedPassword | null {
  if (text.length > LONGEST) throw new Error('its answer is too long');
  const answer = JSON.parse(text) as { readonly md5?: unknown; readonly sha256?: unknown } | null;
  const [md5, sha256] = [hexOf(answer?.md5, 32), hexOf(answer?.sha256, 64)];
  return md5 === null && sha256 === null ? null : { md5, sha256 };
}

function hexOf(value: unknown, digits: number): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/i.test(value)) {
    return value.toLowerCase();
  }
  throw new Error(`an HA1 must be ${digits} hex digits`);
}
