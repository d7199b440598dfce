// A process that holds a service as `meridian worker` does. Its argument says how the service ends: `on-request`, `never` or `by-itself`.
import { untilStopped } from '../../src/cli/until-stopped.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const [, , manner] = process.argv;
const alive = setInterval(() => {}, 1_000);

setTimeout(() => say('serving'), 0);
try {
  await untilStopped({
    stop: () => (manner === 'never' ? new Promise(() => {}) : Promise.resolve()),
    ...(manner === 'by-itself' ? { closed: Promise.reject(new Error('the connection is gone')) } : {}),
  }, say);
  say('ended in order');
} catch (error) {
  say(`failed: ${(error as Error).message}`);
} finally {
  clearInterval(alive);
}
