/** The watches of soaks have a task queue of their own: thousands of looks never keep a deploy or an undo waiting. */
export const soakQueueOf = (taskQueue: string): string => `${taskQueue}-soaks`;
