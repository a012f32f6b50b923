import { createInterface } from 'node:readline';
import { headerOf } from '../../src/sip/message.ts';
import { authorization, readChallenge, type SeenChallenge } from './digest-phone.ts';
import { readNotify } from './lamp-document.ts';
import { openPhone } from './phone.ts';

/*
 * The phone of docker-smoke.sh: watches `sip:night@example.com` with Digest, at a UDP port of this host. Says on standard
 * output what it is answered and which lamp it is shown; each line that it reads makes it refresh its subscription.
 *
 *   node test/support/docker-phone.ts PORT USER PASSWORD
 */
const [port = '', user = '', password = ''] = process.argv.slice(2);
const phone = await openPhone({
  transport: 'udp',
  server: { address: '127.0.0.1', port: Number(port) },
  user,
});
// As long as that of a desk phone: a challenge is no longer than the datagram that it answers.
const usual = [
  'accept',
  'application/dialog-info+xml',
  'user-agent',
  'Yealink SIP-T46S 66.85.0.5 001565aabbcc',
];
usual.push(
  'allow',
  'INVITE, INFO, PRACK, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REGISTER, SUBSCRIBE, REFER, PUBLISH',
);
const subscription = await phone.subscribe('sip:night@example.com', { expires: 600, headers: usual });
const lines = createInterface({ input: process.stdin });
let challenge: SeenChallenge | null = null;
let count = 0;
void showLamps();
await prove();
for await (const _line of lines) {
  await refresh();
  await prove();
}
await phone.close();
process.exit();

/** Answers the challenge, if there is one: the first time, and when its nonce has become stale. */
async function prove(): Promise<void> {
  console.log(`SUBSCRIBE ${subscription.status}`);
  const value = subscription.response && headerOf(subscription.response, 'www-authenticate');
  if (subscription.status !== 401 || !value) return;
  challenge = readChallenge(value);
  count = 0;
  await refresh();
  console.log(`SUBSCRIBE ${subscription.status}`);
}

async function refresh(): Promise<void> {
  if (challenge === null) return;
  count += 1;
  const facts = { username: user, password, uri: subscription.remoteTarget, nc: count };
  const value = authorization(challenge, facts).replace('Authorization: ', '');
  await subscription.refresh(600, ['authorization', value]);
}

async function showLamps(): Promise<void> {
  for (;;) console.log(`lamp ${readNotify(await subscription.nextNotify(600_000)).lamp}`);
}
