import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

type Service = Client['workflow']['workflowService'];
/** A workflow in an answer of Temporal, as it came over the wire. */
export type Execution = Awaited<ReturnType<Service['listWorkflowExecutions']>>['executions'][number];

/** One field of a workflow's memo; undefined when it is not (yet) there. */
export function memoField<Memo extends object, Name extends keyof Memo & string>(execution: Execution, name: Name): Memo[Name] | undefined {
  const payload = execution.memo?.fields?.[name];
  return payload ? defaultPayloadConverter.fromPayload<Memo[Name]>(payload) : undefined;
}
