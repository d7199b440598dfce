import { openJudge } from '../../src/judge/soak-judge.js';
import type { SoakVerdict } from '../../src/judge/verdict.js';
import type { Peer, PeerOpinion } from './peer.js';

const bar = 200;

/** Meridian's own judge, as it runs in the watch. At its standard strictness it sets its bar itself. */
export const meridian: Peer = {
  name: 'Meridian',
  about: 'a drift-aware mixture e-process against the controls, calibrated by replay (docs/judge.md)',
  strictness: { what: 'bar of evidence', standard: bar, from: 5, to: 1e9 },
  open: (soak, history, strictness) => {
    const judge = openJudge(soak, [...history], strictness === bar ? {} : { bar: strictness });
    return { observe: (look) => opinionOf(judge.observe(look)) };
  },
};

function opinionOf({ decision, checks, explanation }: SoakVerdict): PeerOpinion {
  const shown = checks.map(({ excluded }) => excluded);
  return {
    decision: decision === 'fail' || decision === 'pass' || decision === 'hold' ? decision : 'continue',
    excluded: shown.length === 0 || shown.includes(null) ? null : Math.max(...shown.map((factor) => factor ?? Infinity)),
    proven: checks.length > 0 && checks.every(({ verdict }) => verdict === 'pass'),
    why: `${decision}: ${explanation}`,
  };
}
