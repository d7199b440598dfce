/**
 * Updates carry a `fingerprint` of the HTTP request and give it back, so that an idempotency key that is used again for another
 * request is noticed: Temporal answers the first result for a known update id.
 */
export interface Fingerprinted {
  fingerprint?: string;
}
