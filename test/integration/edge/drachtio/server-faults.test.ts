import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { headerOf, type SipRequest } from '../../../../src/sip/message.ts';
import {
  type AdminApp,
  type AdminMessage,
  openAdminApp,
} from '../../../support/drachtio-double/admin-app.ts';
import { TARGET_NAME } from '../../../support/drachtio-target.ts';
import { type Phone, type PhoneSubscription, randomToken, tagOf } from '../../../support/phone.ts';
import { bodyOf, eventually, openRig, RESOURCE, type Rig } from './rig.ts';

/** What the edge lives with: the same on the double and on the real server, or the double is wrong. */
describe(`what drachtio-server does, on ${TARGET_NAME}`, () => {
  let rig: Rig;
  let app: AdminApp;
  const apps: AdminApp[] = [];

  beforeEach(async () => {
    rig = await openRig();
    app = await openApp();
  });

  afterEach(async () => {
    await Promise.all(apps.splice(0).map((each) => each.close()));
    await rig.close();
  });

  async function openApp(routes = ['subscribe']): Promise<AdminApp> {
    const opened = await openAdminApp(rig.target.server);
    apps.push(opened);
    await opened.ask(`authenticate|${rig.target.server.secret}|`);
    for (const verb of routes) await opened.ask(`route|${verb}`);
    return opened;
  }

  /** Answers a SUBSCRIBE; gives what the server says to that. */
  function respond(
    { tokens, sip }: AdminMessage,
    { tag = '', expires = '600' } = {},
  ): Promise<readonly string[]> {
    const to = /^To: *(.*)$/im.exec(sip)?.[1] ?? '';
    const own = tag === '' ? '' : `To: ${to};tag=${tag}\r\n`;
    return app.ask(`sip|${tokens[8]}|\r\nSIP/2.0 200 OK\r\n${own}Expires: ${expires}\r\n\r\n`);
  }

  function notify(dialogId: string, options: NotifyParts = {}): Promise<readonly string[]> {
    return app.ask(notifyText(dialogId, options));
  }

  /** A phone with a dialog, and the name of that. */
  async function subscribed(phone: Phone): Promise<{ heard: PhoneSubscription; dialogId: string }> {
    const answer = phone.subscribe(RESOURCE);
    await respond(await app.request(), { tag: `t-${randomToken()}` });
    const heard = await answer;
    return { heard, dialogId: `${heard.callId};from-tag=${heard.fromTag}` };
  }

  /** A SUBSCRIBE of a subscription with whatever else is given. */
  function subscribe(phone: Phone, heard: PhoneSubscription, more: { cseq: number; toTag?: string }) {
    const { callId, fromTag } = heard;
    const headers = ['event', 'dialog', 'expires', '600'];
    return phone.request({ method: 'SUBSCRIBE', uri: RESOURCE, callId, fromTag, headers, ...more });
  }

  test('authenticate tells what it listens on and its version; a wrong secret ends the connection', async () => {
    const other = await openAdminApp(rig.target.server);
    apps.push(other);
    const { address, port } = rig.target.sip;
    const [ok, hostports, version] = await other.ask(`authenticate|${rig.target.server.secret}|`);
    expect(ok).toBe('OK');
    expect(hostports?.split(',')).toContain(`udp/${address}:${port}`);
    expect(version).toMatch(/^v\d+\.\d+\.\d+/);
    expect(await other.ask('authenticate|wrong|')).toEqual(['NO', 'incorrect secret']);
    await eventually(() => other.closed).toBe(true);
  });

  test('ping is answered', async () => {
    expect(await app.ask('ping')).toEqual(['OK', 'pong']);
  });

  test('a 200 forms a dialog, named after Call-ID and From tag; NOTIFYs count from the CSeq of the SUBSCRIBE', async () => {
    const phone = await rig.phone('udp');
    const { heard, dialogId } = await subscribed(phone);
    for (const cseq of [2, 3]) {
      const answer = await notify(dialogId);
      expect(answer.slice(0, 2)).toEqual(['OK', 'application']);
      const request = await heard.nextNotify();
      expect(headerOf(request, 'cseq')).toBe(`${cseq} NOTIFY`);
      const { tokens } = await app.events.until(({ sip }) => sip.startsWith('SIP/2.0 200'));
      // The transaction of the echo, and the dialog.
      expect(tokens.slice(8, 10)).toEqual([answer[7], dialogId]);
    }
  });

  test('it adds a Contact to a 200, and in a dialog to a refusal too', async () => {
    const phone = await rig.phone('udp');
    const answer = phone.subscribe(RESOURCE);
    const refuse = async (): Promise<void> => {
      const { tokens } = await app.request();
      await app.ask(`sip|${tokens[8]}|\r\nSIP/2.0 489 Bad Event\r\n\r\n`);
    };
    await refuse();
    const { response } = await answer;
    expect(response && headerOf(response, 'contact')).toBeNull();
    const { heard } = await subscribed(phone);
    expect(heard.response && headerOf(heard.response, 'contact')).toMatch(/^<sip:/);
    const refresh = heard.refresh(600);
    await refuse();
    expect(headerOf(await refresh, 'contact')).toMatch(/^<sip:/);
  });

  test('rule 3: a new tag on a SUBSCRIBE of a known dialog is on the 200, not on the NOTIFY; its refresh is answered 480', async () => {
    const phone = await rig.phone('udp');
    const { heard, dialogId } = await subscribed(phone);
    const answer = subscribe(phone, heard, { cseq: 7 });
    const request = await app.request();
    expect(request.tokens[9]).toBe(dialogId);
    await respond(request, { tag: 'other' });
    expect(tagOf(await answer, 'to')).toBe('other');
    await notify(dialogId);
    expect(tagOf(await heard.nextNotify(), 'from')).toBe(heard.toTag);
    const refresh = subscribe(phone, heard, { cseq: 8, toTag: 'other' });
    const unknown = await app.request();
    expect(unknown.tokens[9]).toBe('');
    expect(await respond(unknown)).toEqual(['NOK', 'dialog already exists, rejecting this request']);
    expect((await refresh).status).toBe(480);
  });

  test('rule 4: the placeholder, and any request outside a dialog, take the connection of the last refresh of that Contact', async () => {
    const contact = `sip:${randomToken()}@192.168.9.20:5060;transport=tcp`;
    const [red, blue] = [await rig.phone('tcp', { contact }), await rig.phone('tcp', { contact })];
    const { heard: redHeard, dialogId } = await subscribed(red);
    const { heard: blueHeard } = await subscribed(blue);
    const outside = (): Promise<readonly string[]> => {
      const proxy = `sip:${red.hostPort};transport=tcp`;
      const from = `From: <${RESOURCE}>;tag=${redHeard.toTag}\r\n`;
      const to = `To: <sip:x@example.com>;tag=${redHeard.fromTag}\r\n`;
      const head = `${from}${to}Call-ID: ${redHeard.callId}\r\nCSeq: 900 NOTIFY\r\n`;
      return app.ask(`sip|||${proxy}\r\nNOTIFY ${contact} SIP/2.0\r\n${head}${STATE}\r\n\r\n`);
    };
    // An initial 200 puts nothing there.
    await outside();
    await red.requests.next();
    const refresh = blueHeard.refresh(600);
    await respond(await app.request());
    await refresh;
    await notify(dialogId);
    await red.requests.next();
    await notify(dialogId, { uri: 'sip:placeholder' });
    await blue.requests.next();
    await outside();
    await blue.requests.next();
    await red.requests.silent(50);
    // A 200 without Expires takes the connection out again.
    const last = blueHeard.refresh(600);
    await respond(await app.request(), { expires: '0' });
    await last;
    await outside();
    await red.requests.until(({ method }) => method === 'NOTIFY');
  });

  test('rule 5: the target of a dialog is that of its first SUBSCRIBE, whatever a refresh says', async () => {
    const phone = await rig.phone('udp');
    const { heard, dialogId } = await subscribed(phone);
    const first = phone.contact;
    phone.contact = first.replace('sip:', 'sip:moved-');
    const refresh = heard.refresh(600);
    await respond(await app.request());
    await refresh;
    await notify(dialogId);
    expect((await heard.nextNotify()).uri).toBe(first);
  });

  test.each([200, 404, 481, 503])(
    'rule 6: a `terminated` NOTIFY that is answered %i ends the dialog',
    async (status) => {
      const phone = await rig.phone('udp');
      const { heard, dialogId } = await subscribed(phone);
      phone.answer = () => ({ status });
      await notify(dialogId, { state: 'terminated;reason=timeout' });
      await heard.nextNotify();
      await app.events.until(({ sip }) => sip.startsWith(`SIP/2.0 ${status}`));
      expect(await notify(dialogId)).toEqual(['NOK', UNKNOWN_DIALOG]);
    },
  );

  test('rule 6: a request that is still open when its dialog ends is answered 500', async () => {
    const phone = await rig.phone('udp');
    const { heard, dialogId } = await subscribed(phone);
    const refresh = heard.refresh(600);
    await app.request();
    await notify(dialogId, { state: 'terminated;reason=timeout' });
    expect((await refresh).status).toBe(500);
  });

  test('rule 6: Call-ID of a NOTIFY in a dialog can be overridden', async () => {
    const phone = await rig.phone('udp');
    const { dialogId } = await subscribed(phone);
    await notify(dialogId, { head: 'Call-ID: bogus\r\n' });
    expect(headerOf(await phone.requests.next(), 'call-id')).toBe('bogus');
  });

  test('rule 7: messages of more than 4036 octets in a row break the stream', async () => {
    const phone = await rig.phone('tcp');
    const { dialogId } = await subscribed(phone);
    const answers: Promise<readonly string[] | null>[] = [];
    app.together(() => {
      for (let count = 0; count < 40; count += 1) {
        answers.push(
          app
            .post(notifyText(dialogId, { body: bodyOf(4200) }))(1500)
            .catch(() => null),
        );
      }
    });
    const whole = (await Promise.all(answers)).filter((answer) => answer?.[0] === 'OK');
    expect(whole.length).toBeLessThan(40);
  });

  test('rule 7: a message that does not fit makes the connection deaf, without a word', async () => {
    const { dialogId } = await subscribed(await rig.phone('tcp'));
    const large = app.post(notifyText(dialogId, { body: bodyOf(12_400) }));
    await expect(app.ask('ping', 500)).rejects.toThrow('came in time');
    await expect(large(1)).rejects.toThrow('came in time');
    expect(app.closed).toBe(false);
  });

  test('rule 8: a body of more than 8192 octets is answered 400', async () => {
    const phone = await rig.phone('tcp');
    const response = await phone.request({ method: 'SUBSCRIBE', uri: RESOURCE, body: bodyOf(8300) });
    expect(response.status).toBe(400);
  });

  test('rule 9: with its connection gone, a refresh is answered 481, and NOTIFYs go through another', async () => {
    const phone = await rig.phone('udp');
    const { heard, dialogId } = await subscribed(phone);
    await app.close();
    app = await openApp();
    await notify(dialogId);
    await heard.nextNotify();
    expect((await heard.refresh(600)).status).toBe(481);
    expect((await subscribe(phone, heard, { cseq: 9 })).status).toBe(481);
  });

  test('RFC 5626 §4.4.1: a double CRLF is answered when nothing comes with it; what comes with it is lost, and all behind it', async () => {
    const phone = await rig.phone('tcp');
    const { heard } = await subscribed(phone);
    phone.send('\r\n\r\n');
    expect(await phone.keepAlives.next()).toBe('\r\n');
    const text = () => phone.write({ method: 'SUBSCRIBE', uri: RESOURCE, headers: ['event', 'dialog'] });
    phone.send(`\r\n\r\n${text()}`);
    expect(await phone.keepAlives.next()).toBe('\r\n');
    phone.send(text());
    await app.events.silent(200);
    expect(heard.status).toBe(200);
  });

  test('a header that cannot be read takes those behind it along', async () => {
    const phone = await rig.phone('udp');
    const { heard, dialogId } = await subscribed(phone);
    await notify(dialogId, { head: 'X-Before: 1\r\nContact: <sip:\r\nX-After: 1\r\n' });
    const request: SipRequest = await heard.nextNotify();
    expect(headerOf(request, 'x-before')).toBe('1');
    expect(headerOf(request, 'x-after')).toBeNull();
  });

  test('it refuses a body without Content-Type, and a request to itself', async () => {
    const { dialogId } = await subscribed(await rig.phone('udp'));
    const [, reason] = await app.ask(`sip||${dialogId}\r\nNOTIFY sip:x SIP/2.0\r\n${STATE}\r\n\r\nbody`);
    expect(reason).toContain('missing content-type');
    const { address, port } = rig.target.sip;
    const self = await app.ask(`sip||\r\nNOTIFY sip:x@${address}:${port} SIP/2.0\r\n${STATE}\r\n\r\n`);
    expect(self).toEqual(['NOK', 'can not send request to myself']);
  });

  test('a closed connection is 410 or 503 at once, which comes from no address', async () => {
    const phone = await rig.phone('tcp', { contact: 'sip:x@127.0.0.1:9;transport=tcp' });
    const { dialogId } = await subscribed(phone);
    await phone.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await notify(dialogId);
    const { tokens, sip } = await app.events.until((event) => event.sip.startsWith('SIP/2.0'));
    expect(sip).toMatch(/^SIP\/2\.0 (410|503)/);
    expect([tokens[5], tokens[6]]).toEqual(['', '0']);
  });

  test('a request is handed to the applications by turns, by as many turns as each asked for', async () => {
    const second = await openApp(['subscribe', 'subscribe']);
    const phone = await rig.phone('udp');
    for (let count = 0; count < 6; count += 1) {
      phone.send(phone.write({ method: 'SUBSCRIBE', uri: RESOURCE, headers: ['event', 'dialog'] }));
    }
    await eventually(() => app.events.all.length + second.events.all.length).toBe(6);
    expect(second.events.all).toHaveLength(4);
  });

  test('CANCEL of a SUBSCRIBE is answered 481; with no application a SUBSCRIBE is answered 503', async () => {
    const phone = await rig.phone('udp');
    expect((await phone.request({ method: 'CANCEL', uri: RESOURCE })).status).toBe(481);
    await app.ask('remove_route|subscribe');
    expect((await phone.subscribe(RESOURCE)).status).toBe(503);
  });
});

const STATE = 'Subscription-State: active;expires=600\r\nEvent: dialog';
const UNKNOWN_DIALOG = 'Server error: unable to find dialog for dialog id provided';

interface NotifyParts {
  readonly uri?: string;
  readonly state?: string;
  /** Header lines. */
  readonly head?: string;
  readonly body?: string;
}

function notifyText(dialogId: string, parts: NotifyParts): string {
  const { uri = 'sip:x@dialog.invalid', state = 'active;expires=600', head = '', body = '' } = parts;
  const type = body === '' ? '' : 'Content-Type: text/plain\r\n';
  const lines = `Event: dialog\r\nSubscription-State: ${state}\r\n${type}${head}`;
  return `sip||${dialogId}\r\nNOTIFY ${uri} SIP/2.0\r\n${lines}\r\n${body}`;
}
