import type { CheckLook } from '../../../src/judge/sample.js';
import type { Peer, PeerJudge } from '../peer.js';
import { classify } from './kayenta-metric.js';
import { readingOf, usualOf, type Usual } from './usual.js';
import { windowsOf } from './windows.js';

/** A point of a series, and minutes between two judgements. */
const pointSeconds = 60;

/** Kayenta with nothing to tell it but the two series of each check: one point a minute since the deploy, shares in percent. */
function kayenta(name: string, about: string, everyMinutes: number | null): Peer {
  return {
    name,
    about: `${about}: Mann–Whitney, confidence 0.98, tolerance 0.25, direction increase, every metric critical (spinnaker/kayenta, NetflixACAJudge-v1.0)`,
    strictness: { what: 'effectSize.allowedIncrease', standard: 1, from: 1, to: 1_000 },
    open: (soak, history, allowedIncrease): PeerJudge => {
      const nextWindow = windowsOf(soak, pointSeconds);
      const series = usualOf(soak, history).map((usual) => ({ usual, experiment: [] as number[], control: [] as number[] }));
      const end = soak.soak.duration ?? soak.soak.max;
      const every = everyMinutes === null ? end : everyMinutes * 60;
      let due = every;
      return {
        observe: (look) => {
          const window = nextWindow(look);
          if (window === null) return { decision: 'continue' };
          for (const one of series) gather(one, window.checks[one.usual.check.name]);
          if (window.at < Math.min(due, end)) return { decision: 'continue' };
          while (due <= window.at) due += every;
          const high = series.find(({ control, experiment }) => classify(control, experiment, { direction: 'increase', allowedIncrease }) === 'High');
          if (high !== undefined) return { decision: 'fail', why: `${high.usual.check.name} was classified as High` };
          return { decision: window.at >= end ? 'pass' : 'continue' };
        },
      };
    },
  };
}

interface Series {
  usual: Usual;
  experiment: number[];
  control: number[];
}

function gather({ usual, experiment, control }: Series, look: CheckLook | undefined): void {
  // Its solver stops at differences of 1e-4: shares as percent keep that far below anything that matters.
  const unit = usual.check.kind === 'ratio' ? 100 : 1;
  const { level = Number.NaN, reference = Number.NaN } = look === undefined ? {} : readingOf(look, usual);
  experiment.push(level * unit);
  control.push(reference * unit);
}

export const kayentaOnce = kayenta('Kayenta once', 'one judgement at the end of the soak', null);
export const kayentaRepeated = kayenta('Kayenta each 10 min', 'a judgement every 10 min of all that was seen so far', 10);
