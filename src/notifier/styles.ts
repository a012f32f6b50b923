import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import type { DocumentStyle } from '../presence/package/style.ts';
import { DEFAULT_PROFILE } from '../presence/profile.ts';
import type { NotifierOptions } from './options.ts';

/** Finds how the documents of each subscription look. Equal styles are one object, so that documents are shared. */
export class Styles {
  readonly #options: Pick<NotifierOptions, 'order'>;
  readonly #known = new Map<string, DocumentStyle>();

  constructor(options: Pick<NotifierOptions, 'order'>) {
    this.#options = options;
  }

  of(record: SubscriptionRecord): DocumentStyle {
    const profile = DEFAULT_PROFILE;
    const view = 'all';
    const key = `${record.package}\n${record.contentType}\n${profile.name}\n${view}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { package: name, contentType } = record;
    const style: DocumentStyle = { package: name, contentType, order: this.#options.order, profile, view };
    this.#known.set(key, style);
    return style;
  }
}
