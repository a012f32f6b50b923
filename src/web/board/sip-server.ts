interface SipPorts {
  readonly wsPort: number | null;
  readonly wssPort?: number | null;
}

/**
 * The URL of SIP over WebSocket (RFC 7118) on the host of a page; null when there is none. From a page of https a
 * browser opens secure ones only: where the server has none itself, whatever ends TLS for the page does it for `wsPort`.
 */
export function sipServer(
  { protocol, hostname }: { readonly protocol: string; readonly hostname: string },
  ports: SipPorts | null,
): string | null {
  const isSecure = protocol === 'https:';
  const port = (isSecure ? ports?.wssPort : null) ?? ports?.wsPort ?? null;
  return port === null ? null : `${isSecure ? 'wss' : 'ws'}://${hostname}:${port}`;
}
