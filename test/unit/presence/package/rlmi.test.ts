import { expect, it } from 'vitest';
import {
  instanceElement,
  RESOURCE_END,
  RLMI_END,
  resourceOpening,
  rlmiOpening,
} from '../../../../src/presence/package/rlmi.ts';

it('RLMI: list with uri, version and fullState; resources with uri, name, one instance with its part (RFC 4662 §5)', () => {
  const list = { uri: 'sip:desk@acme.example', version: 4, fullState: true, name: 'Front desk' };
  const told = resourceOpening('sip:1001@acme.example', 'Jo') + instanceElement('0.4.x@y') + RESOURCE_END;
  const known = resourceOpening('sip:1002@acme.example', '') + RESOURCE_END;
  expect(rlmiOpening(list) + told + known + RLMI_END).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>
<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:desk@acme.example" version="4" fullState="true"><name>Front desk</name><resource uri="sip:1001@acme.example"><name>Jo</name><instance id="1" state="active" cid="0.4.x@y"/></resource><resource uri="sip:1002@acme.example"></resource></list>
`,
  );
  expect(rlmiOpening({ ...list, fullState: false, name: '' })).not.toContain('<name>');
});
