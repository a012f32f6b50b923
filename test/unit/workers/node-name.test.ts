import { expect, test } from 'vitest';
import { machineOfNode, nodeOfWorker, workerOfNode } from '../../../src/workers/node-name.ts';

test.each([1, 12, 256])('worker %i is a node of its machine', (worker) => {
  expect(machineOfNode(nodeOfWorker('pbx.acme-8080', worker))).toBe('pbx.acme-8080');
  expect(workerOfNode(nodeOfWorker('pbx.acme-8080', worker))).toBe(worker);
  expect(workerOfNode('pbx.acme-8080')).toBeNull();
});

test('a process that is alone is a node of the same machine, so that it takes over what its workers had', () => {
  expect(machineOfNode('pbx.acme-8080')).toBe('pbx.acme-8080');
  expect(machineOfNode(nodeOfWorker('pbx2', 1))).not.toBe('pbx');
});
