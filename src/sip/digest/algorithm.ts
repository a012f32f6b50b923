/** The hash algorithms of Digest that are served (RFC 8760 §2.1), the preferred one first. The `-sess` ones are not. */
export const ALGORITHMS = ['SHA-256', 'MD5'] as const;

export type DigestAlgorithm = (typeof ALGORITHMS)[number];

/** A hash of octets as lower case hex, by algorithm: made outside, for this part is pure. */
export type DigestHash = (algorithm: DigestAlgorithm, octets: string) => string;

/** The algorithm of a parameter (RFC 7616 §3.4: MD5 when there is none); null for one that is not served. */
export function algorithmOf(text: string | undefined): DigestAlgorithm | null {
  const name = text?.toUpperCase() ?? 'MD5';
  return ALGORITHMS.find((algorithm) => algorithm === name) ?? null;
}
