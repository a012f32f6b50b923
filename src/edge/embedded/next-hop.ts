import type { Flow } from '../../ports/edge.ts';
import type { Dialog } from '../../sip/dialog.ts';
import type { ByteString } from '../../sip/message.ts';
import { parseNameAddr } from '../../sip/name-addr.ts';
import { paramOf } from '../../sip/params.ts';
import { formatUri, parseUri, type SipUri } from '../../sip/uri.ts';
import { addressOfHost, isPrivateAddress } from './address.ts';

/** An address that we can send to by ourselves. */
export interface Target {
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly address: string;
  readonly port: number;
}

/** Which way a request goes: back where the phone was last heard, or to an address. */
export type Way =
  /** `otherwise`: where to connect when the flow is a stream that has been closed; null when there is no way. */
  | { readonly kind: 'flow'; readonly otherwise: Target | null }
  | { readonly kind: 'target'; readonly target: Target };

/** The routing of a request in a dialog. */
export interface NextHop {
  readonly requestUri: ByteString;
  /** The values of Route, in order. */
  readonly routes: readonly ByteString[];
  readonly way: Way;
}

/** Back where the phone was heard, and nowhere else. */
export const BACK: Way = { kind: 'flow', otherwise: null };

/**
 * Where a request in `dialog` goes and how it is addressed (RFC 3261 §12.2.1.1). A Contact is only believed when
 * its host is the address that the phone was heard from; otherwise there is a NAT between, and the flow is used.
 * `canTls`: whether we speak TLS; if not, what asks for it goes back to the flow, too.
 */
export function nextHop(dialog: Dialog, flow: Flow, canTls = false): NextHop {
  const hop = wantedHop(dialog, flow);
  return canTls ? hop : { ...hop, way: withoutTls(hop.way) };
}

function wantedHop(dialog: Dialog, flow: Flow): NextHop {
  const [first, ...rest] = dialog.routeSet;
  if (first === undefined) {
    return { requestUri: dialog.remoteTarget, routes: [], way: wayToContact(dialog.remoteTarget, flow) };
  }
  const uri = parseUri(parseNameAddr(first)?.uri ?? '');
  const way = wayToRoute(uri, flow);
  if (uri === null || paramOf(uri.params, 'lr') !== undefined) {
    return { requestUri: dialog.remoteTarget, routes: dialog.routeSet, way };
  }
  // RFC 3261 §16.12: a strict router wants its own URI on the request line and the target as the last Route.
  return { requestUri: requestUriOf(uri), routes: [...rest, `<${dialog.remoteTarget}>`], way };
}

function withoutTls(way: Way): Way {
  const target = way.kind === 'flow' ? way.otherwise : way.target;
  return target?.transport === 'tls' ? BACK : way;
}

/** RFC 3261 §12.2.1.1: a Request-URI has no headers and no method parameter. */
function requestUriOf(uri: SipUri): ByteString {
  return formatUri({ ...uri, headers: null, params: uri.params.filter(([name]) => name !== 'method') });
}

function wayToContact(contact: ByteString, flow: Flow): Way {
  const uri = parseUri(contact);
  const address = uri && addressOfHost(uri.host);
  if (uri === null || address !== flow.remoteAddress) return BACK;
  return wayTo(uri, address, flow);
}

/** A route is believed also when it is not the address we hear from, unless nobody here could reach it. */
function wayToRoute(uri: SipUri | null, flow: Flow): Way {
  const address = uri && addressOfHost(uri.host);
  if (uri === null || address === null) return BACK;
  if (isPrivateAddress(address) && !isPrivateAddress(flow.remoteAddress)) return BACK;
  return wayTo(uri, address, flow);
}

function wayTo(uri: SipUri, address: string, flow: Flow): Way {
  const target = targetOf(uri, address, flow);
  if (flow.transport === 'udp') return target === null ? BACK : { kind: 'target', target };
  // RFC 3261 §18: one connection serves both directions as long as it is open.
  if (address === flow.remoteAddress) return { kind: 'flow', otherwise: target };
  return target === null ? BACK : { kind: 'target', target };
}

/** Null when the URI asks for a transport that we cannot open, such as a WebSocket towards a browser. */
function targetOf(uri: SipUri, address: string, flow: Flow): Target | null {
  const transport = transportOf(uri, flow);
  // RFC 3261 §19.1.2.
  const port = uri.port ?? (transport === 'tls' ? 5061 : 5060);
  return transport === null || port === 0 ? null : { transport, address, port };
}

function transportOf(uri: SipUri, flow: Flow): Target['transport'] | null {
  const named = paramOf(uri.params, 'transport')?.toLowerCase() ?? flow.transport;
  if (named === 'ws' || named === 'wss') return null;
  // RFC 3261 §26.2.2; and a phone that is heard on TLS is never called in the clear, whatever its Contact forgets.
  const secure = uri.scheme === 'sips' || flow.transport === 'tls' || flow.transport === 'wss';
  if (secure || named === 'tls') return 'tls';
  // A phone that is heard on TCP is called on TCP, also when its Contact forgets to say so.
  if (flow.transport === 'tcp' && named === 'udp') return 'tcp';
  return named === 'udp' || named === 'tcp' ? named : null;
}
