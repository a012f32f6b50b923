import { expect, it } from 'vitest';
import { NIGHT } from '../../support/boards.ts';
import { settled } from '../../support/manual-clock.ts';
import { startNotifier } from '../../support/notifier-bench.ts';

const MAIL = { newMessages: 2, oldMessages: 1, newUrgent: 0, oldUrgent: 0 };

it('RFC 3842 §3.6: a new subscription is told what waits, then each change; lamps are not told of mail', async () => {
  await using bench = await startNotifier();
  bench.edge.subscribe({ callId: 'lamp' });
  await settled();
  bench.edge.settle(200);
  bench.edge.subscribe({ event: 'message-summary', headers: ['Accept: application/simple-message-summary'] });
  await settled();
  expect(bench.edge.last).toMatchObject({
    contentType: 'application/simple-message-summary',
    body: 'Messages-Waiting: no\r\nVoice-Message: 0/0 (0/0)\r\n',
  });
  bench.edge.settle(200);
  await bench.notifier.service.setMail(NIGHT, MAIL);
  expect(bench.edge.notifies).toHaveLength(3);
  expect(bench.edge.last.body).toBe('Messages-Waiting: yes\r\nVoice-Message: 2/1 (0/0)\r\n');
  bench.edge.settle(200);
  await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
  expect(bench.edge.notifies).toHaveLength(4);
  expect(bench.edge.last.slot.record.package).toBe('dialog');
});

it('RFC 3842 §4.5: with a body type that it cannot write is 406', async () => {
  await using bench = await startNotifier();
  bench.edge.subscribe({ event: 'message-summary', headers: ['Accept: application/dialog-info+xml'] });
  await settled();
  expect(bench.edge.answers[0]?.status).toBe(406);
});
