import type { DocumentStyle } from '../../src/presence/package/style.ts';
import { DEFAULT_PROFILE } from '../../src/presence/profile.ts';

/** A style with what a test cares for; the rest is the default. */
export function styleWith(facts: Partial<DocumentStyle> = {}): DocumentStyle {
  return {
    package: 'dialog',
    contentType: 'application/dialog-info+xml',
    order: ['early', 'confirmed', 'proceeding', 'trying', 'terminated'],
    profile: DEFAULT_PROFILE,
    view: 'all',
    ...facts,
  };
}
