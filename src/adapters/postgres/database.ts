import type { ConnectDatabase } from '../../../activities/ports/database.js';

/** PostgreSQL, 14 and later. */
export const postgresDatabase = (): ConnectDatabase => () => {
  throw new Error('to be written');
};
