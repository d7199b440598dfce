import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Conclusion } from '../../activities/conclude-soak.js';
import { verdictLine } from '../../src/judge/replay/verdict-line.js';
import { readSoak } from '../../src/judge/replay/read-soak.js';
import { replaySoak } from '../../src/judge/replay/replay-soak.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { installRuntime } from '../../src/temporal-runtime.js';
import { healthy, sick, silent } from '../support/fake-world.js';
import { mostTold, samplesOf } from '../../activities/soak/news.js';
import { Attempts, linesOf, soakWork } from './soak/attempts.js';

installRuntime({ logLevel: 'silent' });

const sydney = 'production/sydney@1.1.0';
let watch: Attempts;
beforeEach(() => {
  watch = new Attempts();
});

const decisionsTold = (): string[] => watch.told.flatMap(({ verdict }) => (verdict ? [verdict.decision] : []));
const errors = () => watch.last!.verdict.checks[0]!;

describe('one look of the watch', () => {
  it('ends by failing benignly until the next one is due', async () => {
    const { ended } = await watch.next();
    expect(ended).toBeInstanceOf(ApplicationFailure);
    const failure = ended as ApplicationFailure;
    expect(failure).toMatchObject({ type: 'Soaking', nonRetryable: false, category: ApplicationFailureCategory.BENIGN });
    expect(failure.nextRetryDelay).toBeGreaterThanOrEqual(27_000);
    expect(failure.nextRetryDelay).toBeLessThanOrEqual(33_000);
    expect(failure.message.length).toBeLessThan(1_024);
  });

  it('that takes long does not put off the next one', async () => {
    await watch.next();
    watch.world.metrics.set(sydney, () => {
      watch.nowMs += 20_000;
      return healthy;
    });
    const slow = (await watch.next()).ended as ApplicationFailure;
    expect(slow.nextRetryDelay).toBeGreaterThanOrEqual(7_000);
    expect(slow.nextRetryDelay).toBeLessThanOrEqual(13_000);
    watch.world.metrics.set(sydney, () => {
      watch.nowMs += 60_000;
      return healthy;
    });
    expect((await watch.next()).ended).toMatchObject({ nextRetryDelay: 1_000 });
  });

  it('goes on with the evidence that the look before it has kept', async () => {
    for (const seen of [1_000, 2_000, 3_000]) {
      await watch.next();
      expect(errors()).toMatchObject({ name: 'errors', observed: 0, evidence: seen });
    }
  });

  it('returns, and ends the watch, only with a fail, and that at once when the release is as bad as can be', async () => {
    await watch.times(4);
    watch.world.metrics.set(sydney, () => sick);
    const ends: unknown[] = [];
    for (let looks = 0; looks < 3 && !(ends.at(-1) as Conclusion | undefined)?.verdict; looks++) ends.push((await watch.next()).ended);
    expect(ends.at(-1)).toMatchObject({ verdict: { decision: 'fail', cause: 'catastrophe', checks: [{ name: 'errors', verdict: 'fail' }] } });
    expect(linesOf((ends.at(-1) as Conclusion).samples).at(-1)).toContain('"decision":"fail"');
  });

  it('is never a fail nor a pass while the source is silent, whatever was known before', async () => {
    await watch.times(4);
    watch.world.metrics.set(sydney, () => silent);
    for (let looks = 0; looks < 60; looks++) {
      const { ended } = await watch.next();
      expect(ended).toMatchObject({ type: 'Soaking' });
      expect(watch.last!.verdict.decision).not.toBe('pass');
    }
    expect(watch.last!.verdict.decision).toBe('no-data');
    expect(errors().evidence).toBe(4_000);
    watch.world.metrics.set(sydney, () => healthy);
    await watch.next();
    expect(errors().evidence).toBe(5_000);
  });

  it('ends for good with a code when its settings can never work', async () => {
    watch.dependencies.fillIn = () => {
      throw new MeridianFailure('TemplateInvalid', 'there is no variable PROT; did you mean PORT?');
    };
    expect((await watch.next()).ended).toMatchObject({ type: 'TemplateInvalid', nonRetryable: true, message: 'there is no variable PROT; did you mean PORT?' });
  });
});

describe('the controls of a soak', () => {
  it('are asked like the region, and named', async () => {
    await watch.times(2);
    expect(errors().controls).toEqual(['virginia', 'frankfurt']);
    expect(JSON.parse(watch.last!.lines.at(-1)!)).toMatchObject({ check: 'errors', region: { bad: 0, total: 1_000 }, controls: { virginia: { bad: 0, total: 1_000 } } });
  });

  it('that cannot be read are no data of theirs, with the reason, and stop nobody', async () => {
    const { fillIn, connectMetrics } = watch.dependencies;
    watch.dependencies.fillIn = (settings, context) => {
      if (context.region === 'virginia') throw new MeridianFailure('VariableMissing', 'PORT has no value in virginia');
      return fillIn(settings, context);
    };
    watch.dependencies.connectMetrics = (settings, ...secrets) => {
      const source = connectMetrics(settings, ...secrets);
      return 'url' in settings && settings.url.includes('frankfurt') ? { ...source, look: () => Promise.reject(new Error('a bug of the source')) } : source;
    };
    await watch.times(2);
    expect(errors()).toMatchObject({ evidence: 2_000, controls: [] });
    expect(JSON.parse(watch.last!.lines.at(-1)!)).toMatchObject({
      controls: { virginia: null, frankfurt: null },
      silences: { virginia: { kind: 'error', reason: 'PORT has no value in virginia' }, frankfurt: { kind: 'error', reason: 'a bug of the source' } },
    });
  });

  it('that do not answer in time are passed over: the samples of the region do not wait for them', async () => {
    watch.work.settings.soak.intervalMs = 1_000; // patience is a second at least
    const { connectMetrics } = watch.dependencies;
    watch.dependencies.connectMetrics = (settings, ...secrets) => {
      const source = connectMetrics(settings, ...secrets);
      const never = (_checks: unknown, _cursor: unknown, signal: AbortSignal): Promise<never> =>
        new Promise((_resolve, reject) => { signal.addEventListener('abort', () => reject(signal.reason as Error)); });
      return 'url' in settings && settings.url.includes('virginia') ? { ...source, look: never } : source;
    };
    await watch.next();
    expect(errors().evidence).toBe(1_000);
    expect(linesOf(watch.told[0]!.samples)[1]).toContain('no answer within 1000 ms');
  });
});

describe('the past of the checks', () => {
  it('is read from the region as it was before, and from the controls, up to the moment when the region began to be changed', async () => {
    const asked: unknown[] = [];
    for (const place of ['production/sydney@1.0.0', 'production/virginia']) {
      watch.world.pasts.set(place, ({ name }, range) => {
        asked.push([place, name, new Date(range.toMs).toISOString(), (range.toMs - range.fromMs) / 3_600_000, range.stepMs]);
        return [];
      });
    }
    await watch.next();
    expect(asked).toEqual([
      ['production/sydney@1.0.0', 'errors', '2026-11-21T11:59:00.000Z', 24, 30_000],
      ['production/virginia', 'errors', '2026-11-21T11:59:00.000Z', 24, 30_000],
    ]);
    await watch.next();
    expect(asked).toHaveLength(2);
  });

  it('of a soak with shorter steps is shorter: a day of half minutes is always enough', async () => {
    watch = new Attempts(soakWork({ soak: { min: '15s', max: '1m', interval: '1s' } }));
    let minutes = 0;
    watch.world.pasts.set('production/sydney@1.0.0', (_check, { fromMs, toMs }) => {
      minutes = (toMs - fromMs) / 60_000;
      return [];
    });
    await watch.next();
    expect(minutes).toBe(48);
  });

  it('of a whole day is learned from beside everything else: nobody waits for it', async () => {
    const checks = ['a', 'b', 'c'].map((name) => ({ name, kind: 'ratio', bad: 'bad', total: 'total', objective: 0.99 }));
    watch = new Attempts(soakWork({ checks }));
    for (const place of ['production/sydney', 'production/virginia', 'production/frankfurt']) {
      watch.world.pasts.set(place, (_check, { fromMs, toMs, stepMs }) =>
        Array.from({ length: (toMs - fromMs) / stepMs }, (_, step) => ({ atMs: fromMs + (step + 1) * stepMs, sample: { kind: 'ratio', bad: step % 3, total: 1_000 } })));
    }
    let turns = 0;
    const others = setInterval(() => { turns += 1; }, 1);
    await watch.next();
    clearInterval(others);
    expect(watch.last!.verdict.explanation).not.toContain('standard noise');
    // Learned on this thread, it would leave room for a handful.
    expect(turns).toBeGreaterThan(50);
  });

  it('that cannot be read is none: the soak begins all the same, and says so', async () => {
    watch.world.pasts.set('production/sydney@1.0.0', () => {
      throw new Error('Prometheus answered 503');
    });
    expect((await watch.next()).ended).toMatchObject({ type: 'Soaking', message: expect.stringContaining('the past of sydney could not be read: Prometheus answered 503') });
    expect(watch.told[0]!.verdict!.explanation).toContain('the past of sydney could not be read: Prometheus answered 503');
  });
});

describe('what the watch tells its region', () => {
  it('is its first verdict, and then each change and nothing else', async () => {
    await watch.times(9);
    expect(decisionsTold()).toEqual(['continue']);
    await watch.times(4);
    expect(decisionsTold()).toEqual(['continue', 'pass']);
    watch.world.metrics.set(sydney, () => ({ kind: 'error', reason: 'the server answered 500' }));
    await watch.times(12);
    expect(watch.told.map(({ number, soak }) => [number, soak])).toEqual(watch.told.map((_news, index) => [index + 1, watch.work.startedAt]));
    expect(watch.told.at(-1)!.verdict).toMatchObject({ decision: 'no-data', cause: 'error' });
    const before = watch.told.length;
    await watch.times(20);
    expect(watch.told).toHaveLength(before);
  });

  it('is worse news at once, and better ones after six looks that were better: a source that comes and goes tells little', async () => {
    await watch.next();
    let look = 0;
    // Of six looks two bring data, and of eight seven: to and fro over the half that it takes.
    watch.world.metrics.set(sydney, () => (look++ % 14 < 6 ? look % 3 === 0 : look % 8 !== 0) ? healthy : silent);
    let changes = 0;
    let before = watch.last!.judged;
    for (let looks = 0; looks < 280; looks++) {
      await watch.next();
      if (watch.last!.judged !== before) changes++;
      before = watch.last!.judged;
    }
    const told = watch.told.filter(({ verdict }) => verdict !== undefined).length;
    expect(changes).toBeGreaterThan(20);
    expect(told, 'one for the worse and one for the better in seven looks').toBeLessThanOrEqual((2 * 280) / 7 + 4);
  });

  it('holds nothing bad back, and says that it is better once it has been so for six looks', async () => {
    await watch.times(3);
    watch.world.metrics.set(sydney, () => silent);
    while (watch.last!.judged !== 'no-data') await watch.next();
    expect(decisionsTold().at(-1)).toBe('no-data');
    watch.world.metrics.set(sydney, () => healthy);
    while (watch.last!.judged === 'no-data') await watch.next();
    for (const look of [1, 2, 3, 4, 5]) {
      expect(watch.last!, `look ${look}`).toMatchObject({ better: look, verdict: { decision: 'no-data' } });
      await watch.next();
    }
    expect(watch.last!.verdict.decision).not.toBe('no-data');
    expect(decisionsTold().at(-1)).toBe(watch.last!.verdict.decision);
  });

  it('has no samples where nobody reads them', async () => {
    watch = new Attempts({ ...soakWork(), withoutSamples: true });
    await watch.times(14);
    expect(decisionsTold()).toEqual(['continue', 'pass']);
    expect(watch.told.map(({ samples }) => samples)).toEqual([undefined, undefined]);
    expect(watch.last!.lines).toEqual([]);
  });

  it('is decisions alone once two megabytes of samples were told, and the last looks in the end; and that is said to who reads them', async () => {
    await watch.next();
    watch.last = { ...watch.last!, spent: mostTold - 1 };
    watch.world.metrics.set(sydney, () => ({ kind: 'ratio', bad: Math.floor(Math.random() * 3), total: 1_000 + Math.floor(Math.random() * 1e6) }));
    await watch.times(400);
    const lines = [...watch.told.flatMap(({ samples }) => linesOf(samples)), ...linesOf(samplesOf(watch.last))];
    const { notes, looks } = readSoak(lines.join('\n'));
    expect(notes).toEqual([expect.stringContaining('only its last looks were kept')]);
    expect(looks.length).toBeLessThan(250);
    expect(looks.at(-1)!.t).toBe(Date.parse(watch.last.at) / 1_000);
    expect(lines.filter((line) => line.includes('"decision"')).length).toBeGreaterThan(1);
    expect(samplesOf(watch.last).length).toBeLessThan(16 * 1_024);
  });

  it('is told again with the same number and the same words when it could not be told', async () => {
    watch.deaf = new Error('Temporal is away');
    await watch.times(2);
    expect(watch.told).toEqual([]);
    expect(errors().evidence).toBe(2_000);
    watch.deaf = undefined;
    const first = watch.last!.untold!;
    await watch.next();
    expect(watch.told).toEqual([first]);
    expect(first.number).toBe(1);
  });

  it('that could not be told goes along with what changes next: nothing is left out', async () => {
    await watch.next();
    watch.deaf = new Error('Temporal is away');
    watch.world.metrics.set(sydney, () => silent);
    await watch.times(8);
    watch.world.metrics.set(sydney, () => healthy);
    await watch.times(14);
    watch.deaf = undefined;
    await watch.next();
    expect(watch.told.map(({ number }) => number)).toEqual([1, 2]);
    expect(watch.told[1]!.verdict!.decision).toBe(watch.last!.verdict.decision);
    const samples = linesOf(watch.told[1]!.samples);
    expect(samples.filter((line) => line.includes('"no-data"') && line.includes('"decision"'))).toHaveLength(1);
    expect(new Set(samples.map((line) => (JSON.parse(line) as { t: number }).t)).size).toBeGreaterThan(8);
  });

  it('is not lost when the worker dies between keeping and telling, and no look is counted twice', async () => {
    const { kept } = await watch.next();
    const [beforeTelling] = kept;
    expect(beforeTelling!.untold).toBeDefined();
    watch.told.length = 0;
    watch.last = beforeTelling; // the worker died here
    await watch.next();
    expect(watch.told.map(({ number }) => number)).toEqual([1]);
    expect(errors().evidence).toBe(2_000);
  });

  it('is said once more when the watch has been away for so long that people were told that it is silent', async () => {
    await watch.times(3);
    const before = watch.told.length;
    watch.nowMs += 10 * 60_000;
    await watch.next();
    expect(watch.told.length).toBe(before + 1);
    expect(watch.told.at(-1)!.verdict!.decision).toBe(watch.last!.verdict.decision);
  });

  it('carries every sample and verdict, so that a replay of what was told gives the same verdicts', async () => {
    watch.world.metrics.set(sydney, () => ({ kind: 'ratio', bad: watch.nowMs % 7, total: 1_000 }));
    await watch.times(8);
    watch.world.metrics.set(sydney, () => sick);
    let ended: unknown;
    for (let looks = 0; looks < 4 && !(ended as Conclusion | undefined)?.verdict; looks++) ({ ended } = await watch.next());
    const lines = [...watch.told.flatMap(({ samples }) => linesOf(samples)), ...linesOf((ended as Conclusion).samples)];
    const live = lines.filter((line) => line.includes('"decision"'));
    const replayed = [...replaySoak(readSoak(lines.join('\n')))].map(verdictLine);
    expect(live.length).toBeGreaterThan(1);
    expect(replayed).toEqual(expect.arrayContaining(live));
    expect(replayed.at(-1)).toBe(live.at(-1));
  });
});

describe('what the watch keeps', () => {
  it('counts what happened while a worker died in the middle of a look, once', async () => {
    let counter = 0;
    const { connectMetrics } = watch.dependencies;
    watch.dependencies.connectMetrics = (settings, ...secrets) => ({
      ...connectMetrics(settings, ...secrets),
      look: async (checks, cursor) => {
        const gained = counter - ((cursor as number | undefined) ?? 0);
        return { samples: Object.fromEntries(checks.map(({ name }) => [name, { kind: 'ratio', bad: 0, total: gained } as const])), cursor: counter };
      },
    });
    for (const now of [1_000, 2_500]) {
      counter = now;
      await watch.next();
    }
    counter = 4_000;
    const before = watch.last;
    await watch.next();
    watch.last = before; // what that attempt has seen never arrived
    counter = 5_000;
    await watch.next();
    expect(errors().evidence).toBe(5_000);
  });

  it('begins anew when another version has left it, and says so', async () => {
    await watch.next({ evidence: { checks: {} }, cursor: null, results: [], at: '2026-11-21T12:00:00.000Z' });
    expect(errors().evidence).toBe(1_000);
    expect(watch.told[0]!.verdict!.explanation).toContain('the watch began anew');
    await watch.next({ shape: 2, number: 7 });
    expect(watch.told.at(-1)!.number, 'the region takes none below the last').toBe(8);
    watch.told.length = 0;
    await watch.next({ ...watch.last, judge: { nonsense: true } });
    expect(watch.told[0]!.number).toBe(9);
    expect(watch.told[0]!.verdict!.explanation).toContain('the watch began anew');
  });

  it('stays small: five checks and eight controls over a long soak', async () => {
    const checks = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, kind: 'ratio', bad: 'bad', total: 'total', objective: 0.99 }));
    const work = soakWork({ checks, soak: { min: '10h', max: '20h', interval: '30s' } });
    const [control] = work.controls;
    watch = new Attempts({ ...work, controls: Array.from({ length: 8 }, (_, index) => ({ ...control!, region: `control-${index}` })) });
    let largest = 0;
    for (let looks = 0; looks < 300; looks++) {
      const { kept } = await watch.next();
      largest = Math.max(largest, ...kept.map((each) => JSON.stringify(each).length));
    }
    expect(largest).toBeLessThan(128 * 1_024);
    expect(watch.told.length).toBeLessThan(15);
  });
});
