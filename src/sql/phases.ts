/** The texts of a migration, in the order in which they are run. */
export const phases = ['expand.up', 'expand.down', 'backfill', 'contract.up', 'contract.down'] as const;
export type Phase = (typeof phases)[number];

/** Where a text stands in a migration, as a JSON pointer. */
export const pathOf: Record<Phase, string> = {
  'expand.up': '/expand/up',
  'expand.down': '/expand/down',
  backfill: '/backfill/sql',
  'contract.up': '/contract/up',
  'contract.down': '/contract/down',
};
