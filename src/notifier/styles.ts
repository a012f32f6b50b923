import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { PIDF } from '../presence/package/pidf.ts';
import type { DocumentStyle, View } from '../presence/package/style.ts';
import { XPIDF } from '../presence/package/xpidf.ts';
import { type Identity, mayReadMail, type PrivacyRules, type Sight, sightOf } from '../presence/privacy.ts';
import { Profiles } from '../presence/profile/profiles.ts';
import type { Profile } from '../presence/profile.ts';
import type { Resource } from '../presence/resource.ts';
import type { NotifierOptions } from './options.ts';

type StyleOptions = Pick<NotifierOptions, 'order' | 'profiles' | 'view' | 'privacy'>;

/** Finds how the documents of each subscription look. Equal styles are one object, so that documents are shared. */
export class Styles {
  readonly #options: StyleOptions;
  readonly #rules: PrivacyRules;
  readonly #profiles: Profiles;
  readonly #known = new Map<string, DocumentStyle>();

  constructor(options: StyleOptions) {
    this.#options = options;
    this.#rules = { ...options.privacy, otherwise: options.view };
    this.#profiles = new Profiles(options.profiles);
  }

  /** How much of a resource somebody may see; `refuse`: no subscription at all. */
  sightOf(identity: Identity, resource: Resource): Sight {
    return sightOf(identity, resource, this.#rules);
  }

  /** Whether somebody may have an event package of a resource. */
  mayHave(identity: Identity, resource: Resource, eventPackage: string): boolean {
    if (eventPackage === 'message-summary' && !mayReadMail(identity, resource, this.#rules)) return false;
    return this.sightOf(identity, resource) !== 'refuse';
  }

  of(record: SubscriptionRecord): DocumentStyle {
    const profile = this.#profiles.of(record.userAgent);
    const { order } = this.#options;
    const view = this.#viewOf(record);
    const contentType = writtenFor(record.contentType, profile);
    const key = `${record.package}\n${contentType}\n${profile.name}\n${view}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const style: DocumentStyle = { package: record.package, contentType, order, profile, view };
    this.#known.set(key, style);
    return style;
  }

  /** A rule that has come since the subscription was accepted blocks politely. */
  #viewOf({ identity, resource }: SubscriptionRecord): View {
    const sight = this.sightOf(identity, resource);
    return sight === 'refuse' ? 'nothing' : sight;
  }
}

/** What is written for an agreed body type: some phones claim to know PIDF and do not. */
function writtenFor(agreed: string, profile: Profile): string {
  return agreed === PIDF && profile.presence === 'xpidf' ? XPIDF : agreed;
}
