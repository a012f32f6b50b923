import { expect, test } from 'vitest';
import type { NotifySlot } from '../../../../src/ports/edge.ts';
import { type Rig, startRig } from './rig.ts';

const BEHIND_NAT = 'sip:1009@192.0.2.250:5060';

async function natted(rig: Rig) {
  const phone = await rig.phone({ transport: 'udp', contact: BEHIND_NAT });
  const [subscription, heard] = await rig.subscribe(phone);
  return { phone, subscription, heard };
}

test('RFC 5626 §3.5.1: a double CRLF is sent where the phone is heard, and no answer is waited for', async () => {
  const rig = await startRig({ keepAlive: 'crlf' });
  const { phone, subscription } = await natted(rig);
  rig.edge.keepAlive(subscription);
  expect(await phone.keepAlives.next()).toBe('\r\n\r\n');
  expect(rig.counts.get('keepalive_sent')).toBe(1);
  expect(phone.requests.all).toHaveLength(0);
});

test('one OPTIONS waits for its answer on a flow, whatever is subscribed there; silence is counted', async () => {
  const rig = await startRig({ keepAlive: 'options' });
  const { phone, subscription } = await natted(rig);
  const sibling: NotifySlot = { record: { ...subscription.record, id: 'b7-other' }, cache: null };
  phone.answer = () => null;
  rig.edge.keepAlive(subscription);
  rig.edge.keepAlive(sibling);
  await expect.poll(() => rig.counts.get('keepalive_unanswered'), { timeout: 20_000 }).toBe(1);
  expect(phone.requests.all).toHaveLength(1);
  expect(rig.counts.get('keepalive_sent')).toBe(1);
  phone.answer = () => ({ status: 200 });
  rig.edge.keepAlive(sibling);
  expect(await rig.app.living.next()).toEqual(subscription.record.flow);
});

test('nothing is sent before start() and after stop()', async () => {
  const rig = await startRig({ keepAlive: 'crlf' });
  const { phone, subscription } = await natted(rig);
  await rig.edge.stop();
  rig.edge.keepAlive(subscription);
  await phone.keepAlives.silent(50);
});
