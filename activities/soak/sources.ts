import type { Check } from '../../src/rollout/schema/check.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { metricsOf, metricsOfControl, type ConnectedMetrics } from '../connect.js';
import type { Dependencies } from '../dependencies.js';
import type { Control, SoakWork } from '../work.js';

/** A control that cannot even be asked, and why: its settings are wrong, or a variable has no value. */
export interface Unreadable {
  unreadable: string;
}

/** Everything that a soak looks at. */
export interface Sources {
  region: ConnectedMetrics;
  /** By the control's name. */
  controls: Record<string, ConnectedMetrics | Unreadable>;
}

/** `virginia`, `virginia/acme`: a control within its environment, as every explanation names it. */
const controlName = ({ region, tenant }: Pick<Control, 'region' | 'tenant'>): string => (tenant === undefined ? region : `${region}/${tenant}`);

/** `release` is the version that the region is asked about. Throws what makes the region's own metrics unreadable for good. */
export async function connectSources(dependencies: Dependencies, work: SoakWork, release: string | null): Promise<Sources> {
  const [region, ...controls] = await Promise.all([
    metricsOf(dependencies, work, release),
    ...work.controls.map(async (control) => [controlName(control), await connectControl(dependencies, control, work.settings.checks)] as const),
  ]);
  return { region, controls: Object.fromEntries(controls) };
}

async function connectControl(dependencies: Dependencies, control: Control, checks: Check[]): Promise<ConnectedMetrics | Unreadable> {
  try {
    return await metricsOfControl(dependencies, control, checks);
  } catch (error) {
    if (!(error instanceof MeridianFailure)) throw error;
    return { unreadable: error.message };
  }
}
