import { DEFAULT_PROFILE, type Profile } from '../profile.ts';
import { PHONE_FAMILIES } from './families.ts';
import { matchesUserAgent } from './family.ts';

/** The names that a rule can start from. */
export const profileNames: readonly string[] = [
  DEFAULT_PROFILE.name,
  ...PHONE_FAMILIES.map(({ profile }) => profile.name),
];

/** What an operator says of the phones that it matches: every field of a profile may be set. */
export interface ProfileRule {
  /** Text that stands anywhere in the User-Agent; letters in any case. Empty: every phone. */
  readonly userAgent: string;
  /** The name of a known profile to start from; absent: what the phone has without this rule. */
  readonly like?: string;
  readonly changes: Partial<Omit<Profile, 'name'>>;
}

/** User-Agents that are remembered: they come from the wire, so there must be an end to them. */
const MOST_KNOWN = 1000;

/** Finds the profile of each phone. The same phone always gets the same object. */
export class Profiles {
  readonly #rules: readonly ProfileRule[];
  readonly #byName = new Map<string, Profile>();
  readonly #byUserAgent = new Map<string, Profile>();

  /** Later rules stand above earlier ones. */
  constructor(rules: readonly ProfileRule[]) {
    this.#rules = rules.map((rule) => ({ ...rule, userAgent: rule.userAgent.toLowerCase() }));
  }

  of(userAgent: string): Profile {
    const known = this.#byUserAgent.get(userAgent);
    if (known !== undefined) return known;
    const profile = this.#choose(userAgent.toLowerCase());
    if (this.#byUserAgent.size >= MOST_KNOWN) this.#byUserAgent.clear();
    this.#byUserAgent.set(userAgent, profile);
    return profile;
  }

  #choose(lowerCase: string): Profile {
    const family = PHONE_FAMILIES.find((known) => matchesUserAgent(known.userAgent, lowerCase));
    let profile = family?.profile ?? DEFAULT_PROFILE;
    for (const [index, rule] of this.#rules.entries()) {
      if (lowerCase.includes(rule.userAgent)) profile = changed(profile, rule, index);
    }
    return this.#one(profile);
  }

  /** The one object of that name. */
  #one(profile: Profile): Profile {
    const known = this.#byName.get(profile.name) ?? profile;
    this.#byName.set(profile.name, known);
    return known;
  }
}

function changed(profile: Profile, { like, changes }: ProfileRule, index: number): Profile {
  const base = like === undefined ? profile : profileNamed(like);
  return { ...base, ...changes, name: `${base.name}+${index}` };
}

function profileNamed(name: string): Profile {
  return PHONE_FAMILIES.find(({ profile }) => profile.name === name)?.profile ?? DEFAULT_PROFILE;
}
