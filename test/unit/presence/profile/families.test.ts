import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PHONE_FAMILIES } from '../../../../src/presence/profile/families.ts';
import { documentsFor } from '../../../support/profile-documents.ts';
import { isWellFormed } from '../../../support/well-formed.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixture/profile');

describe.each(PHONE_FAMILIES)('the documents for $family', ({ profile, evidence }) => {
  const documents = documentsFor(profile);

  it('are those of its fixture: idle, ringing, busy, held, two calls', () => {
    const written = documents.map(({ name, text }) => `## ${name}\n${text}`).join('');
    expect(written).toBe(readFileSync(join(FIXTURES, `${profile.name}.txt`), 'utf8'));
  });

  it('are well-formed', () => {
    for (const { text } of documents) expect(isWellFormed(text), text).toBe(true);
  });

  it('have a reason', () => {
    expect(evidence.length).toBeGreaterThan(0);
  });
});

describe('the phone families', () => {
  it('have profiles of different names, and match in lower case', () => {
    const names = PHONE_FAMILIES.map(({ profile }) => profile.name);
    expect(new Set(names).size).toBe(names.length);
    for (const { userAgent } of PHONE_FAMILIES) {
      for (const text of [...(userAgent.contains ?? []), ...(userAgent.startsWith ?? [])]) {
        expect(text).toBe(text.toLowerCase());
        expect(text).not.toBe('');
      }
    }
  });
});
