// Makes the soaks of this folder: node examples/judge/make.mjs. The same numbers at every run.
import { writeFileSync } from 'node:fs';

const step = 30;
const deployAt = 1_790_000_000;
const history = (5 * 3_600) / step;
const soak = (45 * 60) / step;

const header = {
  deployAt, step,
  checks: [{ name: 'errors', kind: 'ratio', objective: 0.99 }],
  soak: { min: 1_200, max: 2_700, minSamples: 1_000 },
};

/** Requests a second, and the share of them that are errors, on an ordinary day. */
const regions = {
  sydney: { traffic: 40, errors: 0.002 },
  virginia: { traffic: 210, errors: 0.0014 },
  frankfurt: { traffic: 120, errors: 0.0017 },
};

/** mulberry32: small, and good enough to look like a day. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a region shows in each step: its traffic and errors wander, and from the deploy on it has `worse` times as many. */
function* stepsOf({ traffic, errors }, seed, worse) {
  const next = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  let drift = 0;
  for (let at = -history; at <= soak; at++) {
    drift += -0.02 * drift + 0.02 * normal();
    const total = Math.round(traffic * step * (1 + 0.1 * Math.sin(at / 200) + 0.05 * normal()));
    const expected = total * errors * Math.exp(drift) * (at > 0 ? worse : 1);
    yield { t: deployAt + at * step, errors: { bad: Math.max(0, Math.round(expected + Math.sqrt(expected) * normal())), total } };
  }
}

/** The soak of sydney against the two others. */
function linesOf(seed, worse) {
  const [sydney, virginia, frankfurt] = Object.values(regions).map((region, at) => [...stepsOf(region, seed + at, at === 0 ? worse : 1)]);
  return sydney.flatMap((look, at) => header.checks.map(({ name }) =>
    ({ t: look.t, check: name, region: look[name], controls: { virginia: virginia[at][name], frankfurt: frankfurt[at][name] } })));
}

const write = (file, lines) => writeFileSync(new URL(file, import.meta.url), `${[header, ...lines].map((line) => JSON.stringify(line)).join('\n')}\n`);

write('good.jsonl', linesOf(11, 1));
write('more-errors.jsonl', linesOf(22, 1.9));
