import { afterEach, expect, test, vi } from 'vitest';
import { storeAway } from './fake-service.ts';
import { type Harness, harness } from './harness.ts';

const running: Harness[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ http }) => http.stop()));
});

/** The API on a real socket. */
async function started(heartbeatMs?: number): Promise<Harness & { readonly base: string }> {
  const made = harness({}, heartbeatMs);
  running.push(made);
  const { address, port } = await made.http.start();
  return { ...made, base: `http://${address}:${port}` };
}

/** Reads server-sent events until one matches `last`, and gives all of them as `name user`. */
async function readUntil(
  reader: ReadableStreamDefaultReader<string>,
  last: string,
): Promise<readonly string[]> {
  let text = '';
  while (!text.includes(last)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  return text.split('\n\n').filter(Boolean).map(shortOf);
}

function shortOf(event: string): string {
  const name = /^event: (.*)$/m.exec(event)?.[1];
  if (name === undefined) return event;
  const { id = '', lamp } = JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '{}');
  return [name, id, lamp?.status].filter(Boolean).join(' ');
}

function readerOf(response: Response): ReadableStreamDefaultReader<string> {
  const text = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream() as never);
  return (text as ReadableStream<string>).getReader();
}

const put = (base: string, id: string, status: string) =>
  fetch(`${base}/v1/realms/default/presence/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ status }),
  });

test('GET live sends what is there, then ready, then each change of this realm', async () => {
  const { base, service } = await started();
  await put(base, '1001', 'busy');
  const response = await fetch(`${base}/v1/realms/default/live`);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = readerOf(response);
  expect(await readUntil(reader, 'ready')).toEqual(['board 1001 busy', 'ready']);
  await service.setManual({ realm: 'acme.example', user: '9' }, { status: 'busy' });
  await put(base, '1002', 'ringing');
  expect(await readUntil(reader, '1002')).toEqual(['board 1002 ringing']);
  await reader.cancel();
});

test('GET live stops listening when its client leaves', async () => {
  const { base, service, call } = await started();
  const leaving = new AbortController();
  const response = await fetch(`${base}/v1/realms/default/live`, { signal: leaving.signal });
  await readUntil(readerOf(response), 'ready');
  expect(service.listeners.size).toBe(1);
  expect((await call('GET', '/metrics')).json).toContain('lamplighter_live_streams 1');
  leaving.abort();
  await vi.waitFor(() => expect(service.listeners.size).toBe(0));
  expect((await call('GET', '/metrics')).json).toContain('lamplighter_live_streams 0');
});

test('GET live sends a comment when nothing changes', async () => {
  const { base } = await started(5);
  const reader = readerOf(await fetch(`${base}/v1/realms/default/live`));
  expect(await readUntil(reader, 'still here')).toContain(': still here');
  await reader.cancel();
});

test('stop() ends the streams at once', async () => {
  const { base, http, service } = await started();
  const reader = readerOf(await fetch(`${base}/v1/realms/default/live`));
  await readUntil(reader, 'ready');
  await http.stop();
  expect((await reader.read()).done).toBe(true);
  expect(service.listeners.size).toBe(0);
});

test('GET live answers 503 while the store is away, and keeps no listener', async () => {
  const { call, service } = harness();
  service.list = () => Promise.reject(storeAway);
  expect((await call('GET', '/v1/realms/default/live')).json.code).toBe('STORE_AWAY');
  expect(service.listeners.size).toBe(0);
  expect((await call('GET', '/metrics')).json).toContain('lamplighter_live_streams 0');
});

test('HEAD live keeps no listener: nobody would ever read or cancel that stream', async () => {
  const { call, service } = harness();
  expect((await call('HEAD', '/v1/realms/default/live')).status).toBe(200);
  expect(service.listeners.size).toBe(0);
});

test('a port that is taken is PORT_TAKEN and names the key', async () => {
  const { base } = await started();
  const port = new URL(base).port;
  const second = harness({ LAMPLIGHTER_HTTP_PORT: port });
  await expect(second.http.start()).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: `Cannot listen on 127.0.0.1 port ${port} (HTTP): another process has it, set http.port (LAMPLIGHTER_HTTP_PORT) to a free one`,
  });
});
