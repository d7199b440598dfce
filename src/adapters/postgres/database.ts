import type { ConnectDatabase } from '../../../activities/ports/database.js';
import { check } from './check.js';
import { contract } from './contract.js';
import { expand } from './expand.js';
import { lagQuestion } from './lag-question.js';
import { placeSchema } from './ledger/rows.js';
import { changeSchema } from './run.js';
import { inSession } from './session.js';
import { undoContract } from './undo-contract.js';
import { undoExpand } from './undo-expand.js';

/** PostgreSQL, 14 and later. Each step has a session of its own; only the lag, which is asked for again and again, keeps its connection. */
export const postgresDatabase = (): ConnectDatabase => (settings) => {
  const lag = lagQuestion(settings);
  return {
    schema: ({ pipeline }, signal) => inSession(settings, signal, ({ client }) => placeSchema(client, pipeline)),
    check: (step, signal) => inSession(settings, signal, (session) => check(session, step)),
    async expand(step, progress, signal) {
      const { schema } = await changeSchema({ settings, step, say: progress.say, signal, work: (run) => expand(run, progress) });
      return schema;
    },
    async undoExpand(step, signal) {
      const { schema, result: kept } = await changeSchema({ settings, step, signal, work: undoExpand });
      return { schema, kept };
    },
    async contract(step, progress, signal) {
      const { schema } = await changeSchema({ settings, step, say: progress.say, signal, work: contract });
      return schema;
    },
    async undoContract(step, signal) {
      const { schema } = await changeSchema({ settings, step, signal, work: undoContract });
      return schema;
    },
    lag: lag.ask,
    close: lag.close,
  };
};
