import type { Benchmark } from '../benchmark.js';
import type { Scenario } from '../simulator/scenario.js';

/** The setting in which the bar is set: 200 requests a second, three controls, history to learn from. */
export const isBarSetting = ({ place }: Scenario): boolean => place.requestsPerSecond === 200 && place.controls === 3 && place.historyHours >= 4;

export const good = ({ scenarios }: Benchmark): Scenario[] => scenarios.filter(({ truth }) => truth === 'good');
export const bad = ({ scenarios }: Benchmark): Scenario[] => scenarios.filter(({ truth }) => truth === 'bad');
export const incidents = ({ scenarios }: Benchmark): Scenario[] => scenarios.filter(({ truth }) => truth === 'incident');
export const named = ({ scenarios }: Benchmark, name: string): Scenario[] => scenarios.filter((scenario) => scenario.name === name);
