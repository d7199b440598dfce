import { currentUpdateInfo } from '@temporalio/workflow';

/** An update that was answered, kept over continue-as-new: Temporal itself remembers update ids only within one run. */
export interface Answered {
  updateId: string;
  answer: unknown;
}

interface Remembers {
  answered: Answered[];
}

const kept = 500;

/** The answer that this very update was given in an earlier run of the entity, if it was. */
export function answeredBefore<T>({ answered }: Remembers): T | undefined {
  const id = currentUpdateInfo()?.id;
  return answered.find(({ updateId }) => updateId === id)?.answer as T | undefined;
}

export function remember<T>(entity: Remembers, answer: T): T {
  const updateId = currentUpdateInfo()?.id;
  if (updateId !== undefined) entity.answered = [...entity.answered, { updateId, answer }].slice(-kept);
  return answer;
}
