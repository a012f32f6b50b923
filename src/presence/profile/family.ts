import type { Profile } from '../profile.ts';

/** How a phone is recognised by what it says in User-Agent, whatever the case of letters. Lower case here. */
export interface UserAgentMatch {
  /** Any of these stands anywhere in it. */
  readonly contains?: readonly string[];
  /** It starts with any of these. */
  readonly startsWith?: readonly string[];
}

/** Why a profile is as it is. */
export interface Evidence {
  /**
   * `trace`: seen in packets of such a phone; `vendor`: the text of its maker; `field`: what servers do
   * for it, or a public issue; `inference`: concluded from the others, or hearsay.
   */
  readonly kind: 'trace' | 'vendor' | 'field' | 'inference';
  readonly text: string;
}

/** A phone family: how it is recognised, what it needs, and how that is known. */
export interface PhoneFamily {
  /** For people. */
  readonly family: string;
  /** Without any match: chosen by configuration only. */
  readonly userAgent: UserAgentMatch;
  readonly profile: Profile;
  readonly evidence: readonly Evidence[];
}

/** True when the User-Agent, in lower case, is one of the match. */
export function matchesUserAgent({ contains, startsWith }: UserAgentMatch, lowerCase: string): boolean {
  return (
    contains?.some((part) => lowerCase.includes(part)) === true ||
    startsWith?.some((part) => lowerCase.startsWith(part)) === true
  );
}
