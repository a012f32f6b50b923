import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { headerOf } from '../../src/sip/message.ts';
import { type DrachtioTarget, knowsDialog, openTarget, TARGET_NAME } from '../support/drachtio-target.ts';
import { type LamplighterProcess, startLamplighter } from '../support/lamplighter-process.ts';
import { openPhone, type Phone, type PhoneSubscription, randomToken } from '../support/phone.ts';

const LIST_HEADERS = ['supported', 'eventlist', 'accept', 'application/dialog-info+xml, multipart/related'];
/** So many that a fetch is told of them in one message beyond 4036 octets, others in several. */
const MEMBERS = 60;

describe(`drachtio-server keeps no dialog of a subscription that has ended, on ${TARGET_NAME}`, () => {
  const open = new AsyncDisposableStack();
  let target: DrachtioTarget;
  let lamplighter: LamplighterProcess;

  beforeAll(async () => {
    target = await openTarget();
    open.defer(() => target.close());
    const { host, port, secret } = target.server;
    lamplighter = open.use(
      await startLamplighter({
        DRACHTIO_HOST: `${host}:${port}`,
        DRACHTIO_SECRET: secret,
        LAMPLIGHTER_SIP_MIN_EXPIRES_SECONDS: '2',
      }),
    );
  });
  afterAll(() => open.disposeAsync());

  async function newPhone(transport: 'udp' | 'tcp' = 'udp'): Promise<Phone> {
    const phone = await openPhone({ transport, server: target.sip });
    open.defer(() => phone.close());
    return phone;
  }

  const newUri = () => `sip:lamp-${randomToken()}@127.0.0.1`;

  async function newList(): Promise<string> {
    const id = `list-${randomToken()}`;
    const members = Array.from({ length: MEMBERS }, (_, index) => ({ id: `${id}-${index}` }));
    expect((await lamplighter.api('POST', '/v1/realms/default/lists', { id, members })).status).toBe(201);
    return id;
  }

  // Who asks and goes before the phone has answered leaves a dialog whose refreshes are refused: so only at the end.
  const known = ({ callId, fromTag }: PhoneSubscription) =>
    knowsDialog(target.server, `${callId};from-tag=${fromTag}`);

  /** A subscription whose first NOTIFY has come. */
  async function watching(phone: Phone, uri = newUri(), event = 'dialog'): Promise<PhoneSubscription> {
    const subscription = await phone.subscribe(uri, { event });
    expect(subscription.status).toBe(200);
    await subscription.nextNotify();
    return subscription;
  }

  async function forgotten(subscription: PhoneSubscription, ms = 10_000): Promise<void> {
    await vi.waitFor(async () => expect(await known(subscription)).toBe(false), {
      timeout: ms,
      interval: 100,
    });
  }

  test.concurrent('but that of one that lives', async () => {
    expect(await known(await watching(await newPhone()))).toBe(true);
  });

  test.concurrent.for(['dialog', 'presence', 'message-summary'])('Event: %s, unsubscribed', async (event) => {
    const subscription = await watching(await newPhone(), newUri(), event);
    expect((await subscription.refresh(0)).status).toBe(200);
    await forgotten(subscription);
  });

  test.concurrent('fetched by Expires: 0', async () => {
    const phone = await newPhone();
    const subscription = await phone.subscribe(newUri(), { expires: 0 });
    expect(subscription.status).toBe(200);
    await forgotten(subscription);
  });

  test.concurrent('expired', async () => {
    const phone = await newPhone();
    const subscription = await phone.subscribe(newUri(), { expires: 2 });
    await subscription.nextNotify();
    await forgotten(subscription);
  });

  test.concurrent('RFC 5839 §6.3: unsubscribed with 204, and no NOTIFY', async () => {
    const subscription = await watching(await newPhone());
    await subscription.refresh(600);
    const tag = headerOf(await subscription.nextNotify(), 'sip-etag') ?? expect.fail('no SIP-ETag');
    expect((await subscription.refresh(0, ['suppress-if-match', tag])).status).toBe(204);
    await forgotten(subscription);
    // `known` asks by INFO, which reaches the phone as long as the dialog is there.
    expect(subscription.notifies.all.filter(({ method }) => method === 'NOTIFY')).toHaveLength(2);
  });

  test.concurrent('RFC 6665 §4.2.2: ended by a 481 of the phone', async () => {
    const phone = await newPhone();
    const uri = newUri();
    const subscription = await watching(phone, uri);
    phone.answer = () => ({ status: 481 });
    await lamplighter.set(uri.slice('sip:'.length, uri.indexOf('@')), 'busy');
    await forgotten(subscription);
  });

  test.concurrent('two of a phone that was switched off and on: the older is ended, the newer lives', async () => {
    const phone = await newPhone();
    const uri = newUri();
    const before = await watching(phone, uri);
    phone.answer = (request) => ({ status: headerOf(request, 'call-id') === before.callId ? 481 : 200 });
    const after = await watching(phone, uri);
    await forgotten(before);
    expect(await known(after)).toBe(true);
  });

  test.concurrent.for([0, 600])('a list, asked for %i s', async (expires) => {
    const phone = await newPhone('tcp');
    const id = await newList();
    const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`, { expires, headers: LIST_HEADERS });
    expect(subscription.status).toBe(200);
    await subscription.nextNotify();
    if (expires > 0) await subscription.refresh(0);
    await forgotten(subscription);
  });

  test.concurrent('a list that was deleted', async () => {
    const phone = await newPhone('tcp');
    const id = await newList();
    const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`, { headers: LIST_HEADERS });
    await subscription.nextNotify();
    expect((await lamplighter.api('DELETE', `/v1/realms/default/lists/${id}?rev=1`)).status).toBe(204);
    await forgotten(subscription);
  });

  test.concurrent('a refused SUBSCRIBE forms none: 489, 423, 421, 406 and 420', async () => {
    const phone = await newPhone();
    const list = `sip:${await newList()}@127.0.0.1`;
    const refused = [
      await phone.subscribe(newUri(), { event: 'unheard-of' }),
      await phone.subscribe(newUri(), { expires: 1 }),
      await phone.subscribe(list),
      await phone.subscribe(list, { headers: ['supported', 'eventlist', 'accept', 'text/plain'] }),
      await phone.subscribe(newUri(), { headers: ['require', 'unheard-of'] }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([489, 423, 421, 406, 420]);
    for (const subscription of refused) expect(await known(subscription)).toBe(false);
  });

  test.concurrent('a refused refresh leaves it where it is, for its end', async () => {
    const subscription = await watching(await newPhone());
    expect((await subscription.refresh(1)).status).toBe(423);
    expect((await subscription.refresh(600, ['require', 'unheard-of'])).status).toBe(420);
    expect((await subscription.refresh(0)).status).toBe(200);
    await forgotten(subscription);
  });

  test.concurrent('of a phone that hears nothing any more', async () => {
    const phone = await newPhone();
    const subscription = await phone.subscribe(newUri(), { expires: 2 });
    await subscription.nextNotify();
    phone.answer = () => null;
    await forgotten(subscription, 60_000);
  });
});
