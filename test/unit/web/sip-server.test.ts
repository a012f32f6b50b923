import { expect, test } from 'vitest';
import { sipServer } from '../../../src/web/board/sip-server.ts';

test.each([
  ['http:', { wsPort: 8060, wssPort: 8061 }, 'ws://pbx:8060'],
  ['https:', { wsPort: 8060, wssPort: 8061 }, 'wss://pbx:8061'],
  ['https:', { wsPort: null, wssPort: 8061 }, 'wss://pbx:8061'],
  ['https:', { wsPort: 8060, wssPort: null }, 'wss://pbx:8060'],
  ['https:', { wsPort: 8060 }, 'wss://pbx:8060'],
  ['http:', { wsPort: null, wssPort: 8061 }, null],
  ['http:', null, null],
])('a page of %s with %j speaks SIP to %s', (protocol, ports, server) => {
  expect(sipServer({ protocol, hostname: 'pbx' }, ports)).toBe(server);
});
