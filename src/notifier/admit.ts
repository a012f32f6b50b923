import type { IncomingRequest } from '../ports/edge.ts';
import type { Identity } from '../presence/privacy.ts';
import { DEFAULT_REALM, realmOf } from '../presence/realm.ts';
import { type ByteString, headerOf } from '../sip/message.ts';
import { parseNameAddr } from '../sip/name-addr.ts';
import { refusal } from '../sip/refusal.ts';
import { targetOf } from '../sip/target.ts';
import { parseUri } from '../sip/uri.ts';
import { type Authenticator, type Claimant, type Refused, stranger } from './authenticator.ts';
import type { NotifierState } from './state.ts';

/** Who may go on: `identity` is as whom. */
export interface Admitted {
  readonly kind: 'admitted';
  readonly identity: Identity;
}

/** The authenticator that this request has to pass; null when its network is trusted. The hot path of those. */
export function gateFor(state: NotifierState, { flow }: IncomingRequest): Authenticator | null {
  const { authenticator } = state;
  return authenticator === null || authenticator.trusts(flow.remoteAddress) ? null : authenticator;
}

/** What is said of a stranger's request at once: a refusal, mostly a challenge, or that its password is to be checked. */
export function screen(
  state: NotifierState,
  request: IncomingRequest,
  gate: Authenticator,
): Claimant | Refused {
  const realm = digestRealm(state, request);
  if (realm === null) return { kind: 'refused', answer: stranger(request, refusal(404)) };
  return gate.screen(request, realm);
}

/** Checks the password of a claimant. Rejects when passwords cannot be looked up. */
export async function identify(
  request: IncomingRequest,
  claimant: Claimant,
  gate: Authenticator,
): Promise<Admitted | Refused> {
  const refused = await gate.check(request, claimant);
  return refused ?? { kind: 'admitted', identity: claimant.identity };
}

/**
 * The realm that a phone is asked a password for: that of its own domain name in From; of the Request-URI when From
 * has only an address. Null when there is no such realm.
 */
function digestRealm({ parts }: NotifierState, { message }: IncomingRequest): string | null {
  const rules = parts.options.realms;
  const own = realmOf(hostOf(headerOf(message, 'from')), rules);
  if (own !== null && own !== DEFAULT_REALM) return own;
  const to = parseNameAddr(headerOf(message, 'to') ?? '');
  const target = to === null ? null : targetOf(message, to);
  return realmOf(target?.host ?? parseUri(message.uri)?.host ?? '', rules);
}

function hostOf(address: ByteString | null): string {
  const parsed = parseNameAddr(address ?? '');
  return (parsed && parseUri(parsed.uri)?.host) ?? '';
}
