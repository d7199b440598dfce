import type { Dependencies } from './dependencies.js';
import type { Notice } from './ports/notifier.js';

/** Tells people what they should know. */
export const notify = ({ notifier }: Dependencies) => (notice: Notice): Promise<void> => notifier.notify(notice);
