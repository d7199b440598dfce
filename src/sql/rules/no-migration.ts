import { refusals } from './refusals.js';
import { everyPhase, type Rule } from './rule.js';

export const noMigration: Rule = {
  name: 'no-migration',
  severity: 'error',
  phases: everyPhase,
  about: 'Transactions, settings, DO, CALL, SELECT, COPY, LOCK TABLE, VACUUM, CLUSTER, REINDEX, TRUNCATE, roles and databases: no part of a migration',
  check: (act) => {
    const refusal = refusals.find(({ matches }) => matches(act));
    return refusal && { problem: refusal.problem, remedy: refusal.remedy };
  },
};
