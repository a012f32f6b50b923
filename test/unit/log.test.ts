import { expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';

test('each line names its part, and no secret', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', to: { write: (line) => void lines.push(line) } });
  log.edge.info({ secret: 'cymru', server: { token: 't0p' } }, 'Connected');
  log.store.debug('Not written');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ part: 'edge', msg: 'Connected', secret: '[Redacted]' });
  expect(lines[0]).not.toMatch(/cymru|t0p/);
});
