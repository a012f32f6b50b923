import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { PIDF } from '../presence/package/pidf.ts';
import type { DocumentStyle } from '../presence/package/style.ts';
import { XPIDF } from '../presence/package/xpidf.ts';
import { Profiles } from '../presence/profile/profiles.ts';
import type { Profile } from '../presence/profile.ts';
import type { NotifierOptions } from './options.ts';

type StyleOptions = Pick<NotifierOptions, 'order' | 'profiles' | 'view'>;

/** Finds how the documents of each subscription look. Equal styles are one object, so that documents are shared. */
export class Styles {
  readonly #options: StyleOptions;
  readonly #profiles: Profiles;
  readonly #known = new Map<string, DocumentStyle>();

  constructor(options: StyleOptions) {
    this.#options = options;
    this.#profiles = new Profiles(options.profiles);
  }

  of(record: SubscriptionRecord): DocumentStyle {
    const profile = this.#profiles.of(record.userAgent);
    const { order, view } = this.#options;
    const contentType = writtenFor(record.contentType, profile);
    const key = `${record.package}\n${contentType}\n${profile.name}\n${view}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const style: DocumentStyle = { package: record.package, contentType, order, profile, view };
    this.#known.set(key, style);
    return style;
  }
}

/** What is written for an agreed body type: some phones claim to know PIDF and do not. */
function writtenFor(agreed: string, profile: Profile): string {
  return agreed === PIDF && profile.presence === 'xpidf' ? XPIDF : agreed;
}
