import { expect, test } from 'vitest';
import { ConnectionCache } from '../../../../src/edge/drachtio/connection-cache.ts';
import { DialogUsages } from '../../../../src/edge/drachtio/dialog-usages.ts';
import type { LeanRequest } from '../../../../src/edge/drachtio/lean-request.ts';
import { NotifyDesk } from '../../../../src/edge/drachtio/notify-desk.ts';
import type { ServerLink } from '../../../../src/edge/drachtio/server-link.ts';
import type { NotifyResult } from '../../../../src/ports/edge.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { RECORD } from './record.ts';

test('rule 11: a NOTIFY of which drachtio-server says nothing ends as a timeout, once', async () => {
  const clock = new ManualClock();
  const results: NotifyResult[] = [];
  const counts: string[] = [];
  // A server that takes everything and answers nothing.
  const link = { name: 'a:9022', ready: true, send: (_: LeanRequest) => {} } as unknown as ServerLink;
  const desk = new NotifyDesk({
    clock,
    count: (name) => counts.push(name),
    usages: new DialogUsages(),
    cache: new ConnectionCache(),
    settled: (_, result) => results.push(result),
    numbered: () => {},
    linkOf: () => link,
  });
  const notify = {
    cseq: 1,
    subscriptionState: 'active',
    contentType: '',
    headers: [],
    body: '',
    last: false,
  };
  desk.notify({ record: RECORD, cache: null }, notify);
  await clock.advance(35_000);
  desk.tick();
  expect(results).toEqual([]);
  await clock.advance(1000);
  desk.tick();
  desk.tick();
  expect(results).toEqual([{ kind: 'timeout' }]);
  expect(counts).toEqual(['overdue']);
});
