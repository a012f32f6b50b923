import { addressOctets } from './address-octets.ts';
import type { ByteString } from './message.ts';

/** What becomes of a STUN message. */
export type StunOutcome =
  /** A Binding request: the response to it. */
  | { readonly kind: 'answer'; readonly bytes: ByteString }
  /** An indication or a response: nobody waits for an answer. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'malformed' };

/** RFC 8489 §5. */
const MAGIC_COOKIE = '\x21\x12\xa4\x42';
const HEADER_OCTETS = 20;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = '\x01\x01';
const BINDING_ERROR = '\x01\x11';
/** Class bits of a message type: neither set means request (RFC 8489 §5). */
const CLASS_BITS = 0x0110;
const ERROR_CODE = '\x00\x09';
const UNKNOWN_ATTRIBUTES = '\x00\x0a';
const XOR_MAPPED_ADDRESS = '\x00\x20';
/** Comprehension-required attributes that ask nothing of a server without authentication (RFC 8489 §18.3). */
const KNOWN_ATTRIBUTES: readonly number[] = [
  0x0001, 0x0006, 0x0008, 0x0009, 0x000a, 0x0014, 0x0015, 0x001c, 0x001d, 0x001e, 0x0020,
];
/** Unknown attributes that one answer names at most. */
const NAMED = 8;
const MALFORMED: StunOutcome = { kind: 'malformed' };
const SILENT: StunOutcome = { kind: 'silent' };

/** Whether a datagram on the SIP port is STUN: no SIP message begins with two zero bits (RFC 5626 §8). */
export function isStun(text: ByteString): boolean {
  return text.charCodeAt(0) < 0x04 && text.startsWith(MAGIC_COOKIE, 4);
}

/**
 * The answer to a STUN message that came from `address` and `port` (RFC 5626 §5.4, RFC 8489 §6.3). It holds nothing
 * but the mapped address: 12 octets more than the shortest request with IPv4, 24 with IPv6.
 */
export function answerStun(text: ByteString, address: string, port: number): StunOutcome {
  const attributes = isWhole(text) ? attributeTypes(text) : null;
  if (attributes === null) return MALFORMED;
  const type = wordAt(text, 0);
  if ((type & CLASS_BITS) !== 0) return SILENT;
  if (type !== BINDING_REQUEST) return MALFORMED;
  const transaction = text.slice(4, HEADER_OCTETS);
  const unknown = attributes.filter((each) => each < 0x8000 && !KNOWN_ATTRIBUTES.includes(each));
  if (unknown.length > 0) return answer(BINDING_ERROR, transaction, unknownAttributes(unknown));
  const mapped = xorMappedAddress(address, port, transaction);
  return mapped === null ? MALFORMED : answer(BINDING_SUCCESS, transaction, mapped);
}

function answer(type: ByteString, transaction: ByteString, attributes: ByteString): StunOutcome {
  return { kind: 'answer', bytes: `${type}${word(attributes.length)}${transaction}${attributes}` };
}

/** RFC 8489 §5: the length counts what follows the header, and is a multiple of 4. */
function isWhole(text: ByteString): boolean {
  const length = wordAt(text, 2);
  return text.length >= HEADER_OCTETS && length % 4 === 0 && text.length === HEADER_OCTETS + length;
}

/** The types of all attributes, or null when one does not fit. */
function attributeTypes(text: ByteString): readonly number[] | null {
  const types: number[] = [];
  let at = HEADER_OCTETS;
  while (at + 4 <= text.length) {
    types.push(wordAt(text, at));
    at += 4 + Math.ceil(wordAt(text, at + 2) / 4) * 4;
  }
  return at === text.length ? types : null;
}

/** RFC 8489 §6.3.1: 420 names what was not understood. */
function unknownAttributes(types: readonly number[]): ByteString {
  const named = types.slice(0, NAMED).map(word).join('');
  const padding = '\0'.repeat(named.length % 4);
  return `${ERROR_CODE}\0\x04\0\0\x04\x14${UNKNOWN_ATTRIBUTES}${word(named.length)}${named}${padding}`;
}

/** RFC 8489 §14.2: so masked, no NAT that rewrites addresses in payloads finds it. */
function xorMappedAddress(address: string, port: number, mask: ByteString): ByteString | null {
  const octets = addressOctets(address);
  if (octets === null) return null;
  const family = octets.length === 4 ? '\0\x01' : '\0\x02';
  const value = family + xor(word(port), mask) + xor(octets, mask);
  return `${XOR_MAPPED_ADDRESS}${word(value.length)}${value}`;
}

function xor(octets: ByteString, mask: ByteString): ByteString {
  let result = '';
  for (let at = 0; at < octets.length; at += 1) {
    result += String.fromCharCode(octets.charCodeAt(at) ^ mask.charCodeAt(at));
  }
  return result;
}

function wordAt(text: ByteString, at: number): number {
  return text.charCodeAt(at) * 256 + text.charCodeAt(at + 1);
}

function word(value: number): ByteString {
  return String.fromCharCode(value >> 8, value & 0xff);
}
