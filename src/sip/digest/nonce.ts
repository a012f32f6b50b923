import type { ByteString } from '../message.ts';

/** What only our own nodes can make. */
export interface Seal {
  /** A keyed hash of text as letters, digits, `-` and `_`, the same on all nodes. */
  sign(text: string): string;
  /** Compares in a time that does not tell where texts differ. */
  equal(one: string, other: string): boolean;
}

/** What a nonce was made for. */
export interface NonceScope {
  readonly realm: string;
  /** The address that the challenge goes to: who answers it has received it there. */
  readonly address: string;
}

/** `forged`: not ours. `moved`: ours, but given to another address. */
export type NonceJudgement =
  | { readonly kind: 'fresh'; readonly madeAt: number }
  | { readonly kind: 'expired' | 'moved' | 'forged' };

/** Of a signature, so that challenges stay short: 96 bits are enough to guess once an hour. */
const SIGNATURE_LENGTH = 16;
const ADDRESS_LENGTH = 6;

/** A nonce that says when it was made, `now` in ms, and for which address, so that no node need remember it. */
export function makeNonce(seal: Seal, scope: NonceScope, fresh: { now: number; random: string }): ByteString {
  const head = `${fresh.now.toString(36)}.${fresh.random}.${addressMark(seal, scope.address)}`;
  return `${head}.${signature(seal, head, scope)}`;
}

/** Judges a nonce that a phone answers; `lifetimeMs` after it was made it is expired. */
export function judgeNonce(
  seal: Seal,
  nonce: ByteString,
  at: NonceScope & { readonly now: number; readonly lifetimeMs: number },
): NonceJudgement {
  const parts = nonce.split('.');
  const [time = '', random = '', mark = '', signed = ''] = parts;
  const genuine = parts.length === 4 && seal.equal(signed, signature(seal, `${time}.${random}.${mark}`, at));
  if (!genuine) return { kind: 'forged' };
  const madeAt = Number.parseInt(time, 36);
  if (at.now - madeAt >= at.lifetimeMs) return { kind: 'expired' };
  return mark === addressMark(seal, at.address) ? { kind: 'fresh', madeAt } : { kind: 'moved' };
}

function signature(seal: Seal, head: string, { realm }: NonceScope): string {
  return seal.sign(`nonce ${head} ${realm}`).slice(0, SIGNATURE_LENGTH);
}

function addressMark(seal: Seal, address: string): string {
  return seal.sign(`address ${address}`).slice(0, ADDRESS_LENGTH);
}
