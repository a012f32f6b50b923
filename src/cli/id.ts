import { CliFailure } from './io.ts';

/** A presence ID as it is typed: `1001`, or `1001@acme.example`, which wins over --realm. */
export function readId(
  text: string | undefined,
  realm = 'default',
): { readonly id: string; readonly realm: string } {
  const [id = '', own = realm, ...more] = (text ?? '').split('@');
  if (id !== '' && own !== '' && more.length === 0) return { id, realm: own };
  throw new CliFailure(
    `Cannot use "${text ?? ''}" as a presence ID: it must be like 1001 or 1001@acme.example`,
    2,
  );
}
