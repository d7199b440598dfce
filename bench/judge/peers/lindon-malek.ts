import { logGamma } from '../../../src/judge/numerics/log-gamma.js';
import type { CheckLook } from '../../../src/judge/sample.js';
import type { Peer } from '../peer.js';
import { countsOf } from './level.js';
import { usualOf, type Usual } from './usual.js';

/** How sure the prior is that all is as it should be, in events: the default of the reference implementation. */
const concentration = 100;

/**
 * Evidence that events do not fall into classes with the shares `expected`: the Bayes factor of a Dirichlet prior around them, an e-process
 * for any way of looking (Lindon & Malek, "Anytime-valid inference for multinomial count data", NeurIPS 2022, equation 3; implemented in
 * assuncaolfi/savvi, src/savvi/multinomial.py). `p` is 1 / evidence.
 */
export class MultinomialTest {
  private readonly alpha: number[];
  private total = concentration;
  logEvidence = 0;

  constructor(expected: readonly number[]) {
    this.alpha = expected.map((share) => concentration * share);
  }

  /** One or more events at once. `expected` may change from one look to the next, as long as it is known before them. */
  observe(counts: readonly number[], expected: readonly number[]): void {
    let added = 0;
    counts.forEach((count, at) => {
      if (count === 0) return;
      this.logEvidence += logGamma(this.alpha[at]! + count) - logGamma(this.alpha[at]!) - count * Math.log(expected[at]!);
      this.alpha[at]! += count;
      added += count;
    });
    if (added === 0) return;
    this.logEvidence -= logGamma(this.total + added) - logGamma(this.total);
    this.total += added;
  }
}

/** Bad requests of the region among those of all. Expected is what it has usually, moved by the traffic of each look. Values are not judged. */
export const lindonMalek: Peer = {
  name: 'Lindon–Malek counts',
  about: 'sequential multinomial test of how bad requests fall on region and controls, α 0.05 over all checks, k 100 (Lindon & Malek, NeurIPS 2022)',
  strictness: { what: 'ln(1 / α)', standard: Math.log(20), from: 0.01, to: 1e6 },
  open: (soak, history, strictness) => {
    const tests = usualOf(soak, history).filter(({ check }) => check.kind !== 'value').map((usual) => new CountTest(usual));
    const bar = strictness + Math.log(Math.max(1, tests.length));
    return {
      observe: (look) => {
        for (const test of tests) test.observe(look.checks[test.usual.check.name]);
        const found = tests.find((test) => test.logEvidence >= bar && test.isWorse());
        return found === undefined ? { decision: 'continue' } : { decision: 'fail', why: `${found.usual.check.name}: log E ${found.logEvidence.toFixed(1)}` };
      },
    };
  },
};

class CountTest {
  private test: MultinomialTest | undefined;
  private bad = 0;
  private expected = 0;

  constructor(readonly usual: Usual) {}

  get logEvidence(): number {
    return this.test?.logEvidence ?? 0;
  }

  isWorse(): boolean {
    return this.bad > this.expected;
  }

  observe(look: CheckLook | undefined): void {
    const seen = look === undefined ? null : countsIn(look, this.usual);
    if (seen === null) return;
    const shares = [seen.share, 1 - seen.share];
    this.test ??= new MultinomialTest(shares);
    this.test.observe([seen.bad, seen.badElsewhere], shares);
    this.bad += seen.bad;
    this.expected += seen.share * (seen.bad + seen.badElsewhere);
  }
}

/** Bad requests here and there, and the share of them that is expected here. */
function countsIn(look: CheckLook, { slowEdge, bad: { apart } }: Usual): { bad: number; badElsewhere: number; share: number } | null {
  const region = countsOf(look.region, slowEdge);
  if (region === null || region.total === 0) return null;
  let [badElsewhere, weight] = [0, 0];
  for (const [name, sample] of Object.entries(look.controls)) {
    const counts = countsOf(sample, slowEdge);
    badElsewhere += counts?.bad ?? 0;
    weight += (counts?.total ?? 0) / (apart[name] ?? 1);
  }
  return weight === 0 ? null : { bad: region.bad, badElsewhere, share: region.total / (region.total + weight) };
}
