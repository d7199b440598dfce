import { pipelineWorkflowId, rolloutWorkflowId } from '../rollout/ids.js';

interface LinkPair {
  /** Path on this API. */
  self: string;
  /** The workflow in the Temporal UI; null when its address is not known. */
  temporal: string | null;
}

export interface Links {
  pipeline(name: string): LinkPair;
  rollout(id: string): LinkPair;
}

/** `uiUrl` is where people find the Temporal UI; null when it is not known. */
export function linksTo(uiUrl: string | null, namespace: string): Links {
  const workflows = uiUrl === null ? null : `${uiUrl.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows`;
  const temporal = (workflowId: string): string | null => (workflows === null ? null : `${workflows}/${encodeURIComponent(workflowId)}`);
  return {
    pipeline: (name) => ({ self: `/v1/pipelines/${encodeURIComponent(name)}`, temporal: temporal(pipelineWorkflowId(name)) }),
    rollout: (id) => ({ self: `/v1/rollouts/${encodeURIComponent(id)}`, temporal: temporal(rolloutWorkflowId(id)) }),
  };
}
