import { createLogUpdate } from 'log-update';
import type { Rollout } from '../rollout/schema/rollout.js';
import { changesBetween } from './changes.js';
import type { Context } from './context.js';
import { renderRollout } from './live-tree.js';

/** Shows one rollout over time. */
export interface RolloutDisplay {
  show: (rollout: Rollout) => void;
  /** The last picture stays; nothing is drawn any more. */
  end: () => void;
}

/** The part of a context that a display needs. */
export type Screen = Pick<Context, 'isLive' | 'stdout' | 'colours' | 'width' | 'timezone' | 'program' | 'say'>;

/** The rollout as it is now. */
export const pictureOf = (rollout: Rollout, { width, colours, timezone, program }: Screen): string =>
  renderRollout(rollout, { width, colours, timezone, program, now: Date.now() });

/** A tree that is drawn over itself at a terminal, a line for each change anywhere else. */
export const createDisplay = (screen: Screen): RolloutDisplay => (screen.isLive ? liveTree(screen) : changeLog(screen));

/** Between two answers of the API the clocks of the soaks run on. */
const redrawMs = 250;

function liveTree(screen: Screen): RolloutDisplay {
  const update = createLogUpdate(screen.stdout);
  let latest: Rollout | undefined;
  let height = 0;
  const draw = (): void => {
    if (!latest) return;
    const lines = pictureOf(latest, screen).split('\n');
    // log-update 7.2 does not move what is below a changed part, so a picture of another height would be drawn among remains.
    if (lines.length !== height) update.clear();
    height = lines.length;
    update(lines.join('\n'));
  };
  const timer = setInterval(draw, redrawMs);
  return {
    show(rollout) {
      latest = rollout;
      draw();
    },
    end() {
      clearInterval(timer);
      draw();
      update.done();
    },
  };
}

function changeLog(screen: Screen): RolloutDisplay {
  let latest: Rollout | undefined;
  return {
    show(rollout) {
      changesBetween(latest, rollout).forEach(screen.say);
      latest = rollout;
    },
    end() {},
  };
}

/** One JSON value for each answer that differs from the one before. */
export function jsonLines({ result }: Pick<Context, 'result'>): RolloutDisplay {
  let latest = '';
  return {
    show(rollout) {
      const json = JSON.stringify(rollout);
      if (json !== latest) result(rollout, () => json);
      latest = json;
    },
    end() {},
  };
}
