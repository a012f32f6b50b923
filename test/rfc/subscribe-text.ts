import { setTimeout as pause } from 'node:timers/promises';
import type { SipResponse } from '../../src/sip/message.ts';
import type { Phone, PhoneRequest } from '../support/phone.ts';

/** The text of a SUBSCRIBE that is fine but for what `change` says. */
export function subscribeText(phone: Phone, change: Partial<PhoneRequest> = {}): string {
  const headers = ['event', 'dialog', 'expires', '3600'];
  return phone.write({ method: 'SUBSCRIBE', uri: 'sip:1001@127.0.0.1', headers, ...change });
}

/** The final response to a SUBSCRIBE with these headers. */
export function subscribing(phone: Phone, ...headers: readonly string[]): Promise<SipResponse> {
  return phone.request({ method: 'SUBSCRIBE', uri: 'sip:1001@127.0.0.1', headers });
}

/** The first final response to a text. */
export async function answerTo(phone: Phone, text: string): Promise<SipResponse> {
  phone.send(text);
  return phone.responses.until(({ status }) => status >= 200);
}

/** The text without one of its header fields. */
export function without(text: string, name: string): string {
  return text.replace(new RegExp(`^${name}: .*\r\n`, 'm'), '');
}

/** Resolves once `holds` is true; rejects after `ms`. For what nobody tells. */
export async function eventually(holds: () => Promise<boolean> | boolean, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('It does not come true');
    await pause(20);
  }
}
