import { describe, expect, test } from 'vitest';
import { parseCseq } from '../../src/sip/cseq.ts';
import { headerOf } from '../../src/sip/message.ts';
import { type Phone, type PhoneSubscription, tagOf } from '../support/phone.ts';
import { eachEdge } from './each-edge.ts';
import type { EdgeRig } from './edge.ts';
import type { Application, Subscription } from './edge-application.ts';

const RESOURCE = 'sip:1001@example.com';

/** What every edge guarantees for keep-alives by OPTIONS (`ports/edge.ts`), by real sockets. */
export function edgeKeepAliveContract(name: string, factory: () => Promise<EdgeRig>): void {
  describe(`${name} keeps the contract of Edge for keep-alives`, () => {
    let rig: EdgeRig;
    let app: Application;
    const phoneOn = eachEdge(factory, (opened, application) => {
      rig = opened;
      app = application;
    });

    /** A phone behind NAT: it does not know where it is. */
    async function natted(
      transport: 'udp' | 'tcp' = 'udp',
    ): Promise<[Phone, Subscription, PhoneSubscription]> {
      const phone = await phoneOn(transport, { contact: 'sip:1009@192.0.2.250:5060' });
      const answer = phone.subscribe(RESOURCE);
      const subscription = app.accept(await app.requests.next());
      return [phone, subscription, await answer];
    }

    test('RFC 3261 §11.1: an OPTIONS outside the dialog comes where the phone is heard', async () => {
      const [phone, subscription, heard] = await natted();
      rig.edge.keepAlive(subscription);
      const options = await phone.requests.next();
      expect([options.method, options.uri]).toEqual(['OPTIONS', 'sip:1009@192.0.2.250:5060']);
      expect(tagOf(options, 'to')).toBe('');
      expect(tagOf(options, 'from')).not.toBe('');
      expect(headerOf(options, 'call-id')).not.toBe(heard.callId);
      expect(await app.living.next()).toMatchObject({
        transport: 'udp',
        remoteAddress: phone.place.address,
        remotePort: phone.place.port,
      });
      await app.settlements.silent(20);
    });

    test('a phone that refuses is there all the same', async () => {
      const [phone, subscription] = await natted();
      phone.answer = () => ({ status: 405 });
      rig.edge.keepAlive(subscription);
      await app.living.next();
    });

    test('a phone that is silent costs the subscription nothing', { timeout: 120_000 }, async () => {
      const [phone, subscription, heard] = await natted();
      phone.answer = ({ method }) => (method === 'OPTIONS' ? null : { status: 200 });
      rig.edge.keepAlive(subscription);
      await phone.requests.next();
      app.notify(subscription, '<x/>');
      const first = parseCseq(headerOf(await heard.nextNotify(), 'cseq') ?? '')?.number ?? 0;
      expect((await app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 200 });
      app.notify(subscription, '<y/>');
      const second = parseCseq(headerOf(await heard.nextNotify(), 'cseq') ?? '')?.number ?? 0;
      expect(second).toBe(first + 1);
      await app.settlements.next();
      await app.living.silent(rig.quietMs);
      await app.settlements.silent(20);
    });

    test('a stream needs none', async () => {
      const [phone, subscription, heard] = await natted('tcp');
      rig.edge.keepAlive(subscription);
      app.notify(subscription, '<x/>');
      await heard.nextNotify();
      expect(phone.requests.all.map(({ method }) => method)).toEqual(['NOTIFY']);
    });
  });
}
