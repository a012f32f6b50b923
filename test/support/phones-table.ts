import { PHONE_FAMILIES } from '../../src/presence/profile/families.ts';
import type { PhoneFamily } from '../../src/presence/profile/family.ts';
import { DEFAULT_PROFILE, type Profile } from '../../src/presence/profile.ts';

/** What each field of a profile means for people, where it is not the default. */
const WORDS: Readonly<Record<Exclude<keyof Profile, 'name'>, (profile: Profile) => string>> = {
  dialogs: () => 'all dialogs, not only the most telling',
  idle: () => 'no dialog when idle',
  hold: ({ hold }) => `hold is ${hold.state} with \`${hold.param}\` and \`${hold.attribute}\``,
  displays: () => 'no names for people',
  pickup: ({ pickup }) => `pickup by \`${pickup}\``,
  presence: () => 'XPIDF instead of PIDF',
  lists: () => 'entity without scheme, two identities',
  lastNotify: () => 'no NOTIFY after it has unsubscribed',
  phoneRate: ({ phoneRate }) => `at most ${phoneRate} changes a second for the whole phone`,
};

/** The README's table of phone families in Markdown, without its markers. */
export function phonesTableText(): string {
  return [
    '| phones | profile | User-Agent | what is different | evidence |',
    '|---|---|---|---|---|',
    ...PHONE_FAMILIES.map(lineOf),
  ].join('\n');
}

function lineOf({ family, profile, userAgent, evidence }: PhoneFamily): string {
  const { contains = [], startsWith = [] } = userAgent;
  const texts = [...contains.map((text) => `\`${text}\``), ...startsWith.map((text) => `\`${text}\` first`)];
  const reasons = evidence.map(({ kind, text }) => `${kind}: ${text}`);
  const cells = [
    family,
    `\`${profile.name}\``,
    texts.join(', ') || 'by `profiles` only',
    differences(profile),
  ];
  return `| ${[...cells, reasons.join('; ')].join(' | ')} |`;
}

function differences(profile: Profile): string {
  const fields = Object.keys(WORDS) as (keyof typeof WORDS)[];
  const told = fields.filter((name) => profile[name] !== DEFAULT_PROFILE[name]);
  return told.map((name) => WORDS[name](profile)).join('; ') || 'nothing';
}
