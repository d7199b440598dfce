import { OutOfReach } from './out-of-reach.js';

/** Runs `work` when its turn has come. Throws `Overloaded` when it has not come within `patienceMs`: `work` was not begun then. */
export type TakeTurn = <T>(line: string, patienceMs: number, work: () => Promise<T>) => Promise<T>;

interface Line {
  atWork: number;
  /** First in line first. */
  waiting: (() => void)[];
}

/** In each line only so many work at once; the others wait, first come, first served. A line that is empty is forgotten. */
export function takingTurns(atOnce: number): TakeTurn {
  const lines = new Map<string, Line>();

  const enter = async (name: string, patienceMs: number): Promise<Line> => {
    const line = lines.get(name) ?? { atWork: 0, waiting: [] };
    lines.set(name, line);
    if (line.atWork < atOnce) line.atWork += 1;
    else await turnIn(line, name, patienceMs);
    return line;
  };

  const leave = (name: string, line: Line): void => {
    const next = line.waiting.shift();
    // Whoever is next takes over the place: the number at work stays.
    if (next) return next();
    line.atWork -= 1;
    if (line.atWork === 0) lines.delete(name);
  };

  return async (name, patienceMs, work) => {
    const line = await enter(name, patienceMs);
    try {
      return await work();
    } finally {
      leave(name, line);
    }
  };
}

/** Settles when somebody leaves and this one is next. */
function turnIn({ waiting }: Line, name: string, patienceMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => {
      waiting.splice(waiting.indexOf(begin), 1);
      reject(new OutOfReach('Overloaded', `Too many requests wait for ${name}: this one was not begun. Send it again.`));
    }, patienceMs);
    const begin = (): void => {
      clearTimeout(giveUp);
      resolve();
    };
    waiting.push(begin);
  });
}
