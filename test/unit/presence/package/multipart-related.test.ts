import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BodyPart,
  PART_FRAME_OCTETS,
  writeMultipart,
} from '../../../../src/presence/package/multipart-related.ts';
import { readMultipart } from '../../../support/multipart.ts';

const part = (contentId: string, text: string): BodyPart => ({ contentType: 'text/xml', contentId, text });

describe('writeMultipart()', () => {
  it('names type, start and boundary of the root (RFC 2387 §3)', () => {
    const { contentType, body } = writeMultipart([part('root@x', '<a/>'), part('1@x', '<b/>')]);
    const { params, parts } = readMultipart(contentType, body);
    expect(params).toMatchObject({ type: 'text/xml', start: '<root@x>' });
    expect(parts.map(({ text }) => text)).toEqual(['<a/>', '<b/>']);
    expect(parts[1]?.fields).toEqual({
      'content-type': 'text/xml',
      'content-id': '<1@x>',
    });
  });

  it.each([
    ['octets of UTF-8', 't\u00c3\u00bcr'],
    ['long lines', 'x'.repeat(999)],
  ])('says binary of %s (RFC 2045 §2.9)', (_, text) => {
    const { contentType, body } = writeMultipart([part('root@x', text)]);
    expect(readMultipart(contentType, body).parts).toMatchObject([
      { fields: { 'content-transfer-encoding': 'binary' }, text },
    ]);
  });

  it('takes a boundary that stands in no part (RFC 2046 §5.1.1), whatever people write', () => {
    const line = fc.constantFrom('\r\n', '--=_lamps_0', '--=_lamps_1', '--=_lamps_0--', 'x', '=_lamps_2');
    const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join(''));
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), (root, others) => {
        const { contentType, body } = writeMultipart([
          part('root', root),
          ...others.map((one, index) => part(`${index}`, one)),
        ]);
        expect(readMultipart(contentType, body).parts.map((one) => one.text)).toEqual([root, ...others]);
      }),
    );
  });

  it('takes no more octets for a part than it says', () => {
    const one = part('abc@x', '<document/>');
    const { length } = writeMultipart([part('r', '')]).body;
    const more = writeMultipart([part('r', ''), one]).body.length - length;
    expect(more).toBeLessThanOrEqual(
      PART_FRAME_OCTETS + one.contentId.length + one.contentType.length + one.text.length,
    );
  });
});
