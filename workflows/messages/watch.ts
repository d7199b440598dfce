import { defineSignal } from '@temporalio/workflow';

// What `watch/<rollout>/<environment>/<region>[/<tenant>]` is told, besides the news of its soak: those it hears as a region does.

/** From the pipeline to the watch of a place: something else happens there, and there is nothing to watch any more. */
export const watchOverSignal = defineSignal<[{ why: string }]>('watchOver');
