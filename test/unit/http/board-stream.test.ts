import { expect, test } from 'vitest';
import { boardStream } from '../../../src/http/board-stream.ts';
import { FakeService, storeAway } from './fake-service.ts';

const realm = 'default';

async function setUp(count: number) {
  const service = new FakeService({ default: 'default' });
  for (let user = 0; user < count; user += 1) {
    await service.setManual({ realm, user: String(user).padStart(4, '0') }, { status: 'busy' });
  }
  let ended = 0;
  const stopping = new AbortController();
  const stream = async () =>
    (
      await boardStream({
        service,
        realm,
        stopping: stopping.signal,
        heartbeatMs: 60_000,
        ended: () => {
          ended += 1;
        },
      })
    )
      .pipeThrough(new TextDecoderStream() as never)
      .getReader() as ReadableStreamDefaultReader<string>;
  return { service, stream, stopping, ended: () => ended };
}

function usersIn(text: string): readonly string[] {
  return [...text.matchAll(/"id":"(\w+)"/g)].map((match) => match[1] ?? '');
}

test('a realm of several pages comes whole', async () => {
  const { stream, stopping } = await setUp(250);
  const reader = await stream();
  let text = '';
  while (!text.includes('event: ready')) text += (await reader.read()).value;
  expect(new Set(usersIn(text)).size).toBe(250);
  stopping.abort();
});

test('a change that comes while the snapshot is read is not undone by an older page', async () => {
  const { service, stream, stopping } = await setUp(101);
  const list = service.list.bind(service);
  service.list = async (...ask) => {
    const page = await list(...ask);
    if (ask[1].after !== null) await service.setManual({ realm, user: '0100' }, { status: 'ringing' });
    return page;
  };
  const reader = await stream();
  let text = '';
  while (!text.includes('event: ready')) text += (await reader.read()).value;
  const last = text.split('\n\n').findLast((event) => event.includes('"id":"0100"'));
  expect(last).toContain('"status":"ringing"');
  stopping.abort();
});

test('a reader that does not read costs one entry a board, and gets the newest state', async () => {
  const { service, stream, stopping } = await setUp(1);
  const reader = await stream();
  let text = '';
  while (!text.includes('event: ready')) text += (await reader.read()).value;
  for (let turn = 0; turn < 1000; turn += 1) {
    await service.setManual(
      { realm, user: '0000' },
      { status: turn % 2 ? 'busy' : 'ringing', note: `n${turn}` },
    );
  }
  text = '';
  while (!text.includes('n999')) text += (await reader.read()).value;
  expect(usersIn(text).length).toBeLessThanOrEqual(3);
  stopping.abort();
});

test('ends when the store goes away in the middle, without a listener left', async () => {
  const { service, stream, ended } = await setUp(150);
  const reader = await stream();
  service.fault = storeAway;
  let done = false;
  while (!done) done = (await reader.read()).done;
  expect(service.listeners.size).toBe(0);
  expect(ended()).toBe(1);
});
