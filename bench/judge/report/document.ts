import type { Benchmark } from '../benchmark.js';
import { graceMinutes } from '../limit.js';
import { percentWithInterval } from './format.js';
import { bad, good, incidents } from './settings.js';
import { badTable, barTable, damageTable, detectionTable, falseAlarmTable, goodTable, peersTable } from './tables.js';

/** docs/judge-benchmark.md. `notes`: why a claim of the bar is missed, by hand; `agreement`: how the port of Kayenta's judge does. */
export const documentOf = (benchmark: Benchmark, notes: string, agreement: string): string => `# How well the judge judges

This page is written by \`npm run bench:judge\`: change [bench/judge](../bench/judge) and run it, not this text. [judge.md](judge.md) says what the judge does.

Seed \`${benchmark.seed}\`; ${benchmark.soaks.test} soaks of each of ${benchmark.scenarios.length} scenarios (${good(benchmark).length} good, ${incidents(benchmark).length} incidents that
are not the release’s fault, ${bad(benchmark).length} bad; three times as many of those that the bar names one by one), none of which anything was tuned on; each with five checks: errors and slow requests as ratios, a latency and memory as values,
durations as a histogram. Unless a scenario says otherwise: 200 requests a second in each region, 0.1 % errors, a look every 30 s, three controls, 6 h of history, a soak of
60 min that may not end early. The objective for errors is what they usually are, so that *×10* is ten times the budget: limits at the objective alone ring half of the
time, which the peers that use one show at their defaults and not when tuned. The same seed gives the same figures on any number of cores. Intervals are 95 % (Wilson). Minutes count from the deploy, or
from when the release gets bad if that is later; a median is over all soaks, and one that was never rolled back counts as later than everything.

More than half of the good scenarios have noise of another kind than the judge assumes: random walks, 1/f, bursts with a heavy tail, clusters, days and weeks,
other time constants, sick controls.

## The bar

What [the judge is to reach](judge.md), and where it stands. *Noise as assumed* and *of other kinds* are the good scenarios in the setting of the bar: 200 requests a second,
three controls, at least 4 h of history. Where all regions get worse together, to hold is right and does not count as false: a person is to see it.

${barTable(benchmark)}

${notes.trim()}

## Where the release is good

${goodTable(benchmark)}

## Where it is bad

*LIMIT* knows how bad the release is, since when, and the noise of every region at every moment, and adds up the likelihood ratio until it is 200 : 1 (Wald’s test): nobody who has to find
this out is faster in the mean at the same error rate. The judge decides nothing in the first ${graceMinutes} min but a catastrophe, so the last column compares both counted from
there: LIMIT then sees only what comes after the grace.

${badTable(benchmark)}

![Median minutes of Meridian and of LIMIT for each bad scenario](judge-benchmark/efficiency.svg)

## Against its peers

Each peer sees the same soaks: at its default, and tuned with its one knob so that it rolls back falsely as rarely as Meridian does, but never asked for less than one
of 100: here ${(100 * benchmark.target).toFixed(1)} of 100, on other soaks (the training half: ${benchmark.soaks.training} of each good scenario, where Meridian had
${percentWithInterval(benchmark.training)}).

${peersTable(benchmark)}

${agreement}

### False rollbacks of 100 good soaks, peers at their defaults

![False rollbacks by scenario and judge, at their defaults](judge-benchmark/false-alarms.svg)

${falseAlarmTable(benchmark, false)}

### The same, tuned

![False rollbacks by scenario and judge, tuned](judge-benchmark/false-alarms-tuned.svg)

${falseAlarmTable(benchmark, true)}

### Rolled back, and the median minute, tuned

![Share of bad releases rolled back by minute](judge-benchmark/detection.svg)

${detectionTable(benchmark, true)}

### The same at their defaults

Read it beside the false rollbacks above: whoever rings always finds everything.

${detectionTable(benchmark, false)}

### Failed requests in the region until the soak ended, in the mean, tuned

${damageTable(benchmark, true)}

## Public series

None is replayed: none whose licence allows it is shipped with the project. Recorded soaks of your own are judged by \`meridian judge replay\`, which runs the same code
as the live watch and this benchmark.
`;
