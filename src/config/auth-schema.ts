import { z } from 'zod';
import { ALGORITHMS } from '../sip/digest/algorithm.ts';
import { keyDocs } from './doc.ts';
import { isHost, networks, oneOf, text, whole } from './leaf.ts';

const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

const hashedPassword = z
  .strictObject({
    md5: z
      .string()
      .regex(/^[0-9a-f]{32}$/i)
      .optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/i)
      .optional(),
  })
  .refine(({ md5, sha256 }) => md5 !== undefined || sha256 !== undefined);

const patterns = z.array(z.string().min(1).max(300)).nonempty().readonly();

function perRealm<Rule extends z.ZodType>(rule: Rule) {
  return z.record(z.string().refine(isHost), z.array(rule).readonly());
}

/** Who may use SIP. */
export const authSchema = z.strictObject({
  mode: oneOf(
    ['off', 'digest'],
    '`off`: SIP is served to `sip.trustedNetworks` only, without passwords. `digest`: to every address, with a password (RFC 7616); `sip.trustedNetworks` is not used then',
  ),
  trustedNetworks: networks(
    'With `digest`: networks that need no password and may do all, such as your own SIP proxy',
  ),
  algorithms: z
    .array(z.enum(ALGORITHMS))
    .nonempty()
    .readonly()
    .register(keyDocs, {
      wanted: `a list of ${ALGORITHMS.join(', ')}`,
      meaning:
        'Digest algorithms that phones are offered, always the strongest first (RFC 8760); `["MD5"]` for phones that read one challenge only',
    }),
  users: z
    .record(z.string().refine(isHost), z.record(z.string().min(1).max(128), hashedPassword))
    .register(keyDocs, {
      wanted:
        'realms, each with its users and their HA1 in hex, such as {"acme.example": {"1001": {"sha256": "<64 digits>", "md5": "<32 digits>"}}}, as `lamplighter ha1 <realm> <user>` prints it, and never a password',
      meaning:
        'SIP users by realm, each with the HA1 of its password (`lamplighter ha1` makes them); looked up before those of the API and of `auth.hook`',
      secret: true,
    }),
  hook: text((value) => value === '' || (/^https?:\/\//.test(value) && URL.canParse(value)), {
    wanted: 'a URL such as https://pbx.acme.example/lamplighter',
    meaning:
      'Web server that is asked for users found nowhere else: POST `{"realm", "user"}`, answered with `{"md5"?, "sha256"?}` (HA1) or 404; empty: none',
    secret: true,
  }),
  hookTimeoutMs: whole(100, 10_000, 'How long `auth.hook` may take, in ms'),
  hookCacheSeconds: whole(
    0,
    DAY_SECONDS,
    'How long what `auth.hook` has answered is used, in seconds; ten times as long while it fails',
  ),
  hookUnknownSeconds: whole(0, DAY_SECONDS, 'The same for a user that `auth.hook` does not know'),
  nonceSecret: text((value) => value === '' || value.length >= 16, {
    wanted: 'at least 16 characters',
    meaning: 'Signs nonces, the same on all nodes; empty: a random one that is kept in the store',
    secret: true,
  }),
  nonceLifetimeSeconds: whole(
    60,
    WEEK_SECONDS,
    'How long a phone may use a nonce, in seconds; more than half of `sip.maxExpiresSeconds`, so that refreshes need no second try',
  ),
  watch: perRealm(
    z.strictObject({
      watchers: patterns,
      ids: patterns,
      see: z.enum(['all', 'lamp', 'nothing', 'refuse']),
    }),
  ).register(keyDocs, {
    wanted:
      'realms, each with a list of rules such as {"acme.example": [{"watchers": ["2*", "*@branch.example"], "ids": ["100"], "see": "lamp"}]}, where see is all, lamp, nothing or refuse',
    meaning:
      "Who sees what of the IDs of a realm; the first rule that fits counts. `lamp`: not who talks to whom; `nothing`: an idle lamp whatever happens; `refuse`: 403. Without a rule the users of a realm see all of it, others are refused; one's own ID is always seen",
  }),
  publish: perRealm(z.strictObject({ publishers: patterns, ids: patterns })).register(keyDocs, {
    wanted:
      'realms, each with a list of rules such as {"acme.example": [{"publishers": ["pbx"], "ids": ["*"]}]}',
    meaning: 'Who may PUBLISH for which IDs of a realm besides its own',
  }),
});
