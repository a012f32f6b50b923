import type { ByteString } from './message.ts';

/** The 4 or 16 octets of a numeric address, without brackets or zone; null for anything else. */
export function addressOctets(address: string): ByteString | null {
  return address.includes(':') ? ipv6Octets(address) : ipv4Octets(address);
}

function ipv4Octets(address: string): ByteString | null {
  const parts = address.split('.');
  const values = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  return parts.length === 4 && values.every((value) => value < 256) ? String.fromCharCode(...values) : null;
}

/** RFC 4291 §2.2: groups in hexadecimal, `::` once for zeros, the last 32 bits also dotted. */
function ipv6Octets(address: string): ByteString | null {
  const halves = address.split('::');
  const [head = null, tail = ''] = halves.map(groupsOctets);
  if (halves.length > 2 || head === null || tail === null) return null;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1) return missing === 0 ? head : null;
  return missing >= 2 ? head + '\0'.repeat(missing) + tail : null;
}

function groupsOctets(text: string): ByteString | null {
  if (text === '') return '';
  const groups = text.split(':');
  const octets = groups.map((group, at) => groupOctets(group, at === groups.length - 1));
  return octets.includes(null) ? null : octets.join('');
}

function groupOctets(group: string, isLast: boolean): ByteString | null {
  if (isLast && group.includes('.')) return ipv4Octets(group);
  if (!/^[0-9a-f]{1,4}$/i.test(group)) return null;
  const value = Number.parseInt(group, 16);
  return String.fromCharCode(value >> 8, value & 0xff);
}
