import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXml } from '../../src/xml-reader.ts';

describe('readXml()', () => {
  it('gives elements with resolved namespaces, attributes and text', () => {
    const root = readXml(
      '<a xmlns="urn:a" xmlns:b="urn:b" x="1"> one <b:c y="&lt;2"><![CDATA[<t>]]></b:c></a>',
    );
    expect(root).toMatchObject({ name: 'a', namespace: 'urn:a', text: 'one' });
    expect([...(root?.attributes ?? [])]).toEqual([['x', '1']]);
    const [child] = root?.children ?? [];
    expect(child).toMatchObject({ name: 'c', namespace: 'urn:b', text: '<t>', children: [] });
    expect(child?.attributes.get('y')).toBe('<2');
  });

  it('gives no namespace to a prefix that is not declared', () => {
    expect(readXml('<dm:person/>')).toMatchObject({ name: 'person', namespace: '' });
  });

  it.each([
    ['nothing', ''],
    ['text alone', 'busy'],
    ['an element that is not closed', '<a><b></a>'],
    ['two roots', '<a/><b/>'],
    ['an attribute that comes twice', '<a x="1" x="2"/>'],
    ['a bare ampersand', '<a>&</a>'],
    ['an entity of its own', '<a>&nbsp;</a>'],
    ['an octet that XML forbids', '<a>\u0001</a>'],
    ['a DTD', '<!DOCTYPE a><a/>'],
    ['a billion laughs', '<!DOCTYPE a [<!ENTITY b "&c;&c;"><!ENTITY c "ha">]><a>&b;</a>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['more than 64 KiB', `<a>${' '.repeat(65_536)}</a>`],
    ['more than 32 levels', `${'<a>'.repeat(33)}${'</a>'.repeat(33)}`],
    ['more than 2,000 elements', `<a>${'<b/>'.repeat(2_000)}</a>`],
    ['more than 64 attributes', `<a ${Array.from({ length: 65 }, (_, n) => `x${n}=""`).join(' ')}/>`],
  ])('refuses %s', (_, text) => {
    expect(readXml(text)).toBeNull();
  });

  it('takes what is just within the bounds', () => {
    expect(readXml(`${'<a>'.repeat(32)}${'</a>'.repeat(32)}`)).not.toBeNull();
    expect(readXml(`<a>${'<b/>'.repeat(1_999)}</a>`)?.children).toHaveLength(1_999);
    expect(readXml(`<a ${Array.from({ length: 64 }, (_, n) => `x${n}=""`).join(' ')}/>`)).not.toBeNull();
  });

  it('never throws, whatever octets come', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      '<a>',
      '</a>',
      '&',
      '&#x0;',
      ']]>',
      '<!--',
      '<?',
      '"',
      'x=',
      ' ',
    );
    const text = fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, (any) => void readXml(any)));
  });
});
