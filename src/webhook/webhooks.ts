import { lookup as lookupAny } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Webhook, Webhooks } from '../ports/webhooks.ts';
import { callable } from './address.ts';

/** How webhooks are posted. */
export interface WebhookOptions {
  /** Networks that may be called besides public addresses. */
  readonly allowed: readonly string[];
  log(level: 'info' | 'warn', message: string, details: object): void;
  count(event: 'posted' | 'failed' | 'refused'): void;
}

/** Hooks on their way at most; more are refused, so that a slow server cannot fill the memory. */
const MOST = 200;
/** Between tries, in ms, doubled each time. */
const RETRY_MS = 1_000;

/**
 * Posts webhooks from this process. The address is judged after name resolution and the connection goes to that very
 * address, so a name cannot change its mind in between; redirects are not followed.
 */
export function createWebhooks(options: WebhookOptions): Webhooks {
  const isCallable = callable(options.allowed);
  let under = 0;
  return {
    post: (hook) => {
      if (under >= MOST) {
        options.count('refused');
        return;
      }
      under += 1;
      deliver(hook, isCallable)
        .then(
          () => options.count('posted'),
          (error: unknown) => {
            options.count('failed');
            options.log('warn', 'A webhook could not be posted', { url: hook.url, reason: String(error) });
          },
        )
        .finally(() => {
          under -= 1;
        });
    },
  };
}

async function deliver(hook: Webhook, isCallable: (address: string) => boolean): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await postOnce(hook, isCallable);
    } catch (error) {
      if (attempt >= hook.retries || error instanceof NotCallable) throw error;
      await pause(RETRY_MS * 2 ** attempt);
    }
  }
}

/** The address is none that may be called: no retry will change that. */
class NotCallable extends Error {
  override readonly name = 'NotCallable';
}

function postOnce(
  { url, body, timeoutMs }: Webhook,
  isCallable: (address: string) => boolean,
): Promise<void> {
  const target = new URL(url);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  if (!['http:', 'https:'].includes(target.protocol))
    throw new NotCallable(`${target.protocol} is no web address`);
  if (isIP(host) !== 0 && !isCallable(host)) throw new NotCallable(`${host} is not a public address`);
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = send(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      lookup: lookupAmong(isCallable),
      signal: AbortSignal.timeout(timeoutMs),
      agent: false,
    });
    request.on('error', reject);
    request.on('response', (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      if (statusCode >= 200 && statusCode < 300) resolve();
      else reject(new Error(`it answered ${statusCode}`));
    });
    request.end(text);
  });
}

/** Resolves names to addresses that may be called, and to no other. */
function lookupAmong(isCallable: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookupAny(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const [first, ...more] = addresses.filter(({ address }) => isCallable(address));
      if (first === undefined) {
        return callback(new NotCallable(`${hostname} has no public address`) as NodeJS.ErrnoException, '', 0);
      }
      if (options.all === true) callback(null, [first, ...more]);
      else callback(null, first.address, first.family);
    });
  };
}
