import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Agent } from '../support/netns/agent-process.ts';
import { Network } from '../support/netns/network.ts';

const MISSING = Network.missing();
if (MISSING !== null) console.log(`Networks of the kernel are not tested here; what is missing: ${MISSING}`);

/** Every lamp is right within 10 s of the end of a fault. */
const RIGHT_MS = 10_000;
const TIMEOUT_MS = 120_000;
const LAMPS = ['one', 'two', 'three', 'four', 'five'] as const;
const SHOWN = { idle: 'terminated', ringing: 'early', busy: 'confirmed' } as const;

const PHONES = '192.168.77.2';
const NODE = { address: '10.77.0.1', port: 5060 };
const SETTINGS = { LAMPLIGHTER_SIP_PORT: `${NODE.port}`, LAMPLIGHTER_SIP_KEEP_ALIVE_SECONDS: '1' };

/*
 *   phones 192.168.77.2 ---- .1 router 10.77.0.2 ---- 10.77.0.1 node
 */
describe.skipIf(MISSING !== null)('phones and nodes in network namespaces', { timeout: TIMEOUT_MS }, () => {
  let network: Network;
  let phones: Agent;
  let node: Agent;

  beforeEach(async () => {
    network = new Network();
    for (const space of ['phones', 'router', 'node']) network.space(space);
    network.cable(
      { space: 'phones', device: 'up', address: `${PHONES}/24` },
      { space: 'router', device: 'inside', address: '192.168.77.1/24' },
    );
    network.cable(
      { space: 'router', device: 'outside', address: '10.77.0.2/24' },
      { space: 'node', device: 'sip', address: `${NODE.address}/24` },
    );
    network.set('router', 'ipv4.ip_forward', 1);
    network.ip('phones', 'route', 'add', 'default', 'via', '192.168.77.1');
    phones = network.agent('phones');
    node = network.agent('node');
  });
  afterEach(() => network[Symbol.asyncDispose]());

  /** The node knows the way to the phones: there is no NAT. */
  function route(): void {
    network.ip('node', 'route', 'add', 'default', 'via', '10.77.0.2');
  }

  /** The router hides the phones; a binding through which nothing passes for two seconds is lost. */
  function masquerade(): void {
    const chain = 'type nat hook postrouting priority 100 ;';
    const rules = ['table ip nat {', ` chain out { ${chain} oifname "outside" masquerade random ; }`, '}'];
    network.run('router', 'nft', rules.join('\n'));
    network.set('router', 'netfilter.nf_conntrack_udp_timeout', 2);
    network.set('router', 'netfilter.nf_conntrack_udp_timeout_stream', 2);
  }

  async function subscribeAll(): Promise<void> {
    for (const id of LAMPS) {
      expect(await phones.order({ kind: 'subscribe', id, from: PHONES, server: NODE })).toBe(200);
    }
    await allShow('idle');
  }

  async function setAll(by: Agent, status: keyof typeof SHOWN): Promise<void> {
    for (const id of LAMPS) await by.order({ kind: 'set', id, status });
  }

  async function allShow(status: keyof typeof SHOWN, ids: readonly string[] = LAMPS): Promise<void> {
    const shown = async () => {
      const lamps: Record<string, string> = {};
      for (const id of ids) {
        const { lamp, isOneDialog } = await phones.order({ kind: 'show', id });
        expect(isOneDialog).toBe(true);
        lamps[id] = lamp;
      }
      return lamps;
    };
    const wanted = Object.fromEntries(ids.map((id) => [id, SHOWN[status]]));
    await vi.waitFor(async () => expect(await shown()).toEqual(wanted), { timeout: RIGHT_MS, interval: 100 });
  }

  test('the cable to the phones is out for 5 s under changes, on either side: then every lamp is right', async () => {
    route();
    await node.order({ kind: 'start lamplighter', settings: SETTINGS });
    await subscribeAll();
    for (const [space, device] of [
      ['router', 'inside'],
      ['router', 'outside'],
    ] as const) {
      network.ip(space, 'link', 'set', device, 'down');
      await setAll(node, 'busy');
      await pause(5_000);
      await setAll(node, 'ringing');
      network.ip(space, 'link', 'set', device, 'up');
      await allShow('ringing');
      await setAll(node, 'idle');
      await allShow('idle');
    }
  });

  test('RFC 3581 §4: phones behind a NAT of the kernel stay in reach for longer than it keeps a binding', async () => {
    masquerade();
    await node.order({ kind: 'start lamplighter', settings: SETTINGS });
    await subscribeAll();
    await pause(5_000);
    await setAll(node, 'busy');
    await allShow('busy');
  });

  test('a NAT that has lost its bindings: after a refresh from a new port every lamp of that phone is right', async () => {
    masquerade();
    await node.order({ kind: 'start lamplighter', settings: SETTINGS });
    await subscribeAll();
    network.ip('router', 'link', 'set', 'outside', 'down');
    await pause(4_000);
    network.ip('router', 'link', 'set', 'outside', 'up');
    await setAll(node, 'busy');
    await pause(1_500);
    const before = await phones.order({ kind: 'show', id: LAMPS[0] });
    expect(before.lamp).toBe('terminated');
    for (const id of LAMPS) expect(await phones.order({ kind: 'refresh', id })).toBe(200);
    await allShow('busy');
  });

  test('5 % loss and reordering by the kernel (netem): every lamp is right', async ({ skip }) => {
    route();
    try {
      const netem = ['delay', '20ms', '10ms', 'loss', '5%', 'reorder', '25%', '50%'];
      network.run('router', 'tc', 'qdisc', 'add', 'dev', 'inside', 'root', 'netem', ...netem);
      network.run('router', 'tc', 'qdisc', 'add', 'dev', 'outside', 'root', 'netem', ...netem);
    } catch {
      skip('the kernel has no netem');
    }
    await node.order({ kind: 'start lamplighter', settings: SETTINGS });
    await subscribeAll();
    for (const status of ['busy', 'ringing', 'idle', 'busy', 'ringing'] as const) {
      await setAll(node, status);
      await pause(500);
    }
    await allShow('ringing');
  });

  /*
   *   phones ---- router ---- 10.77.0.1 node 10.78.0.1 ---- Redis in the namespace of the first node
   *                     \---- (nothing) heir 10.78.0.2 --/
   *
   *   kill -9 of the node: its address moves to the heir, as a virtual IP does.
   */
  test('nodes.takeOver reachable: the address of a lost node moves to another one, which takes its phones over', async () => {
    route();
    network.space('heir');
    network.cable(
      { space: 'node', device: 'back', address: '10.78.0.1/24' },
      { space: 'heir', device: 'back', address: '10.78.0.2/24' },
    );
    const heir = network.agent('heir');
    const port = await node.order({ kind: 'start redis' });
    const settings = { ...SETTINGS, REDIS_URL: `redis://10.78.0.1:${port}` };
    await node.order({ kind: 'start lamplighter', settings });
    await heir.order({ kind: 'start lamplighter', settings });
    await subscribeAll();
    await setAll(heir, 'busy');
    await allShow('busy');
    await node.order({ kind: 'kill lamplighter' });
    await setAll(heir, 'ringing');
    network.ip('router', 'link', 'del', 'outside');
    network.cable(
      { space: 'router', device: 'outside', address: '10.77.0.2/24' },
      { space: 'heir', device: 'sip', address: `${NODE.address}/24` },
    );
    network.ip('heir', 'route', 'add', 'default', 'via', '10.77.0.2');
    await allShow('ringing');
    for (const id of LAMPS) expect(await phones.order({ kind: 'refresh', id })).toBe(200);
    await setAll(heir, 'idle');
    await allShow('idle');
  });
});
