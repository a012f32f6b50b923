import { expect, test } from 'vitest';
import { withBlock } from '../../bench/block.ts';

const TEXT = 'before\n<!-- speed -->\nold\n<!-- /speed -->\nafter\n';

test('a block takes the place of what stands between its markers, and of nothing else', () => {
  expect(withBlock(TEXT, 'speed', '\nnew $& table\n')).toBe(
    'before\n<!-- speed -->\nnew $& table\n<!-- /speed -->\nafter\n',
  );
});

test('a text without the markers is refused', () => {
  expect(() => withBlock('before', 'speed', 'new')).toThrow('Cannot fill block "speed"');
});
