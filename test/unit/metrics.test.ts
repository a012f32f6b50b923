import { expect, test } from 'vitest';
import { createMetrics } from '../../src/metrics.ts';

test('everything that is measured comes out under lamplighter_', async () => {
  const metrics = createMetrics();
  metrics.subscriptions('dialog').set(3);
  metrics.notifies.ok();
  metrics.notifies.timeout(2);
  metrics.lampLatency(0.002);
  metrics.sipRequest('SUBSCRIBE', 200);
  metrics.edgeEvent('malformed');
  metrics.storeEvent('away');
  metrics.busEvent('missed');
  const text = await metrics.registry.metrics();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines.filter((line) => !line.startsWith('lamplighter_'))).toEqual([]);
  expect(lines).toEqual(
    expect.arrayContaining([
      'lamplighter_subscriptions{package="dialog"} 3',
      'lamplighter_notifies_total{result="ok"} 1',
      'lamplighter_notifies_total{result="timeout"} 2',
      'lamplighter_lamp_latency_seconds_bucket{le="0.0025"} 1',
      'lamplighter_sip_requests_total{method="SUBSCRIBE",status="200"} 1',
      'lamplighter_edge_events_total{event="malformed"} 1',
      'lamplighter_store_events_total{event="away"} 1',
      'lamplighter_bus_events_total{event="missed"} 1',
    ]),
  );
});

test('methods from the wire do not make metrics of their own', async () => {
  const metrics = createMetrics();
  for (let index = 0; index < 100; index += 1) metrics.sipRequest(`X${index}`, 405);
  const text = await metrics.registry.metrics();
  expect(text).toContain('lamplighter_sip_requests_total{method="other",status="405"} 100');
  expect(text).not.toContain('X1');
});

test('drachtio-servers are asked for their figures when somebody asks for the metrics', async () => {
  const metrics = createMetrics();
  let requests = 7;
  metrics.readEdgeServers(() => [
    { name: 'a:9022', ready: true, requests },
    { name: 'b:9022', ready: false, requests: 0 },
  ]);
  await metrics.registry.metrics();
  requests = 9;
  const text = await metrics.registry.metrics();
  expect(text).toContain('lamplighter_drachtio_connected{server="a:9022"} 1');
  expect(text).toContain('lamplighter_drachtio_connected{server="b:9022"} 0');
  expect(text).toContain('lamplighter_drachtio_requests_total{server="a:9022"} 9');
});
