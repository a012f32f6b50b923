import type { ByteString } from '../../src/sip/message.ts';
import type { Random } from './random.ts';

/** No input is longer, in octets. */
const LONGEST = 70_000;

/** What parsers trip over. */
const PIECES: readonly ByteString[] = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  '\r\n ',
  '\0',
  '\x7f',
  '\xff',
  '\xc3\xa9',
  '\xed\xa0\x80',
  '"',
  '\\',
  '\\"',
  '<',
  '>',
  '<>',
  '&',
  '&amp;',
  '&#0;',
  ']]>',
  '<!--',
  '<![CDATA[',
  '<!DOCTYPE x [<!ENTITY e "e">]>',
  ';',
  ';;',
  ',',
  ',,',
  ':',
  '::',
  '@',
  '@@',
  '=',
  '%',
  '%00',
  '%zz',
  '?',
  '/',
  '//',
  '[',
  '[::1]',
  '(',
  ')',
  '*',
  '-1',
  '0',
  '00000000000000000001',
  '4294967296',
  '99999999999999999999999999',
  '1e9',
  'NaN',
  ';tag=',
  ';tag=x;tag=y',
  ';branch=z9hG4bK',
  ';rport',
  ';rport=99999',
  'SIP/2.0',
  'sip:',
  'sips:',
  'tel:+1',
  '__proto__',
  'constructor',
  'Content-Length: 5\r\n',
  'l: 9999999\r\n',
  'Via: SIP/2.0/UDP x\r\n',
];

type Mutation = (text: ByteString, random: Random, seeds: readonly ByteString[]) => ByteString;

const MUTATIONS: readonly Mutation[] = [
  /** One octet becomes another. */
  (text, random) => replace(text, place(text, random), 1, String.fromCharCode(random.below(256))),
  /** One bit turns. */
  (text, random) => {
    const at = place(text, random);
    return replace(
      text,
      at,
      1,
      String.fromCharCode(((text.charCodeAt(at) || 0) ^ (1 << random.below(8))) & 0xff),
    );
  },
  (text, random) => replace(text, place(text, random), 0, random.pick(PIECES)),
  (text, random) => replace(text, place(text, random), 1 + random.below(8), random.pick(PIECES)),
  /** A part goes. */
  (text, random) => replace(text, place(text, random), 1 + random.below(40), ''),
  /** The end goes. */
  (text, random) => text.slice(0, place(text, random)),
  /** A part comes again elsewhere. */
  (text, random) => replace(text, place(text, random), 0, part(text, random)),
  /** A part of another seed. */
  (text, random, seeds) =>
    replace(text, place(text, random), random.below(20), part(random.pick(seeds), random)),
  /** A line comes twice, or goes. */
  (text, random) => {
    const lines = text.split('\n');
    const at = random.below(lines.length);
    return lines.toSpliced(at, random.below(2), lines[at] ?? '').join('\n');
  },
  /** Letters change their case. */
  (text, random) => {
    const at = place(text, random);
    return replace(text, at, 12, text.slice(at, at + 12).toUpperCase());
  },
  /** Rarely: one part very often, against what is not linear. */
  (text, random) => {
    if (random.below(30) > 0) return text;
    const again = random.pick([part(text, random).slice(0, 30), random.pick(PIECES)]) || 'a';
    return replace(text, place(text, random), 0, again.repeat(random.below(LONGEST / again.length)));
  },
];

/** The input of a number: a seed after one to eight mutations. */
export function mutate(random: Random, seeds: readonly ByteString[]): ByteString {
  let text = random.pick(seeds);
  for (let left = 1 + random.below(8); left > 0; left -= 1)
    text = random.pick(MUTATIONS)(text, random, seeds);
  return text.slice(0, LONGEST);
}

function place(text: ByteString, random: Random): number {
  return random.below(text.length + 1);
}

function part(text: ByteString, random: Random): ByteString {
  const at = place(text, random);
  return text.slice(at, at + 1 + random.below(60));
}

function replace(text: ByteString, at: number, length: number, by: ByteString): ByteString {
  return text.slice(0, at) + by + text.slice(at + length);
}
