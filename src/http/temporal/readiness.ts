import { countPollers } from './pollers.js';
import type { Reach } from './reach.js';
import type { Presence, ReadinessCalls } from './workflows.js';

/** Is Temporal there, and does a worker poll? Asked of Temporal each time: nothing is remembered. */
export function readinessCalls(reach: Reach): ReadinessCalls {
  return {
    async readiness() {
      const [temporal, worker] = await Promise.all([temporalPresence(reach), workerPresence(reach)]);
      return { temporal, worker };
    },
  };
}

function temporalPresence(reach: Reach): Promise<Presence> {
  const { namespace } = reach.client.options;
  return present(async () => {
    await reach.store(() => reach.client.workflowService.describeNamespace({ namespace }));
    return { ok: true, detail: `Temporal answers for the namespace ${namespace}.` };
  });
}

function workerPresence(reach: Reach): Promise<Presence> {
  const { client, taskQueue } = reach;
  return present(async () => {
    const [workflows, activities] = await reach.store(() =>
      Promise.all([countPollers(client, taskQueue, 'workflows'), countPollers(client, taskQueue, 'activities')]));
    return workflows > 0 && activities > 0
      ? { ok: true, detail: `${workflows} poll the task queue ${taskQueue} for workflows, ${activities} for activities.` }
      : { ok: false, detail: `Nobody polls the task queue ${taskQueue} for ${workflows > 0 ? 'activities' : 'workflows'}: start a worker.` };
  });
}

async function present(look: () => Promise<Presence>): Promise<Presence> {
  try {
    return await look();
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
