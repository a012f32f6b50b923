import { expect, test, vi } from 'vitest';
import type { PassedOn, Siblings } from '../../../../src/ports/siblings.ts';
import { type ByteString, headerOf, headersOf, type SipRequest } from '../../../../src/sip/message.ts';
import { serialize } from '../../../../src/sip/serialize.ts';
import { parseVia } from '../../../../src/sip/via.ts';
import { workerMark, workerOfBranch } from '../../../../src/sip/worker-mark.ts';
import { randomToken, tagOf } from '../../../support/phone.ts';
import { RESOURCE, type Rig, startRig } from './rig.ts';

/** Edges that hand datagrams to each other. Each has a port of its own, so that the test says who hears what. */
async function startCrew(): Promise<readonly [Rig, Rig]> {
  const takers = new Map<number, (datagram: PassedOn) => void>();
  const siblingsOf = (worker: number): Siblings => ({
    worker,
    passOn: (to, datagram) => {
      const take = takers.get(to);
      if (take !== undefined) setImmediate(() => take(datagram));
      return take !== undefined;
    },
    receive: (take) => void takers.set(worker, take),
  });
  return [await startRig({ siblings: siblingsOf(1) }), await startRig({ siblings: siblingsOf(2) })];
}

/** The 200 of a phone to a NOTIFY; `branch`: instead of that of the request. */
function okTo(request: SipRequest, branch?: ByteString): ByteString {
  const headers = ['via', 'from', 'to', 'call-id', 'cseq'].flatMap((name) =>
    headersOf(request, name).flatMap((value) => [name, value]),
  );
  const text = serialize({ kind: 'response', status: 200, reason: 'OK', headers, body: '' });
  return branch === undefined ? text : text.replace(branchOf(request), branch);
}

function branchOf(request: SipRequest): ByteString {
  return parseVia(headerOf(request, 'via') ?? '')?.branch ?? '';
}

//  phone        worker 1      worker 2
//    | <- NOTIFY ---|             |
//    |--- 200 ------------------->|      (the kernel gave it to this one)
//    |              |<--- 200 ----|
test('RFC 3261 §17.1.3: a 200 that another worker hears settles the NOTIFY that its branch names', async () => {
  const [one, other] = await startCrew();
  const phone = await one.phone({ transport: 'udp' });
  phone.answer = () => null;
  const [subscription, heard] = await one.subscribe(phone);
  one.app.notify(subscription, '<dialog-info/>');
  const notify = await heard.nextNotify();
  expect(workerOfBranch(branchOf(notify))).toBe(1);

  const elsewhere = await other.phone({ transport: 'udp' });
  elsewhere.send(okTo(notify));
  expect((await one.app.settlements.next()).result).toMatchObject({ kind: 'answered', status: 200 });
  expect(other.counts.get('passed_on')).toBe(1);
  expect(one.counts.get('unmatched_response')).toBeUndefined();
});

test('a 200 is counted and dropped when its worker is gone, or has forgotten it', async () => {
  const [one, other] = await startCrew();
  const phone = await one.phone({ transport: 'udp' });
  phone.answer = () => null;
  const [subscription, heard] = await one.subscribe(phone);
  one.app.notify(subscription, '<dialog-info/>');
  const notify = await heard.nextNotify();
  const elsewhere = await other.phone({ transport: 'udp' });

  elsewhere.send(okTo(notify, `z9hG4bK${workerMark(3)}ab.0.1`));
  await vi.waitFor(() => expect(other.counts.get('worker_gone')).toBe(1));
  elsewhere.send(okTo(notify, `z9hG4bK${workerMark(1)}ab.0.1`));
  await vi.waitFor(() => expect(one.counts.get('unmatched_response')).toBe(1));
  elsewhere.send(okTo(notify, `z9hG4bK${workerMark(2)}ab.0.1`));
  await vi.waitFor(() => expect(other.counts.get('unmatched_response')).toBe(1));
  expect(other.counts.get('passed_on')).toBe(1);
});

//  phone        worker 1      worker 2
//    |-- SUBSCRIBE (To-tag of worker 1) ->|
//    |              |<- SUBSCRIBE|
//    |<----- 200 ---|            |
test('RFC 6665 §4.2.1.2: a refresh that another worker hears is served by the one that its To-tag names', async () => {
  const [one, other] = await startCrew();
  const phone = await other.phone({ transport: 'udp' });
  const toTag = `b7-${workerMark(1)}${randomToken()}`;
  const request = { method: 'SUBSCRIBE', uri: RESOURCE, toTag, headers: ['event', 'dialog'] };
  const answered = phone.request(request);
  const arrived = await one.app.requests.next();
  expect(arrived.flow).toMatchObject({ transport: 'udp', remotePort: phone.place.port });
  one.edge.respond(arrived, { status: 200, headers: ['expires', '600'] });
  expect((await answered).status).toBe(200);
  expect(other.counts.get('passed_on')).toBe(1);
  expect(other.app.requests.all).toEqual([]);
});

test('a retransmission of it is absorbed by the worker that serves it', async () => {
  const [one, other] = await startCrew();
  const phone = await other.phone({ transport: 'udp' });
  const toTag = `b7-${workerMark(1)}${randomToken()}`;
  const text = phone.write({ method: 'SUBSCRIBE', uri: RESOURCE, toTag, headers: ['event', 'dialog'] });
  phone.send(text);
  const arrived = await one.app.requests.next();
  one.edge.respond(arrived, { status: 200, headers: ['expires', '600'] });
  await phone.responses.next();
  phone.send(text);
  expect((await phone.responses.next()).status).toBe(200);
  expect(one.counts.get('retransmission')).toBe(1);
  expect(one.app.requests.all).toHaveLength(1);
});

test.each([
  ['a worker that is gone', 'udp', workerMark(3)],
  ['another worker, heard on a stream', 'tcp', workerMark(1)],
  ['no worker', 'udp', ''],
] as const)('a refresh of %s is served where it is heard', async (_, transport, mark) => {
  const [, other] = await startCrew();
  const phone = await other.phone({ transport });
  const toTag = `b7-${mark}${randomToken()}`;
  const answered = phone.request({
    method: 'SUBSCRIBE',
    uri: RESOURCE,
    toTag,
    headers: ['event', 'dialog'],
  });
  other.edge.respond(await other.app.requests.next(), { status: 200, headers: ['expires', '600'] });
  expect((await answered).status).toBe(200);
  expect(other.counts.get('passed_on')).toBeUndefined();
});

test('what the edge answers by itself has a tag that names the worker', async () => {
  const [, other] = await startCrew();
  const phone = await other.phone({ transport: 'udp' });
  const answer = await phone.request({
    method: 'SUBSCRIBE',
    uri: RESOURCE,
    headers: ['require', 'sec-agree'],
  });
  expect(answer.status).toBe(420);
  expect(tagOf(answer, 'to')).toMatch(/^w2-[0-9a-f]{16}$/);
});

test('a process that is alone names nobody', async () => {
  const rig = await startRig();
  const phone = await rig.phone({ transport: 'udp' });
  const [subscription, heard] = await rig.subscribe(phone);
  rig.app.notify(subscription, '<dialog-info/>');
  expect(branchOf(await heard.nextNotify())).toMatch(/^z9hG4bK[0-9a-f]{12}\.\d+\.\d+$/);
  phone.send(okTo(await phone.requests.next(), `z9hG4bK${workerMark(1)}ab.0.1`));
  await vi.waitFor(() => expect(rig.counts.get('unmatched_response')).toBe(1));
});
