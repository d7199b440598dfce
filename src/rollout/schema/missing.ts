import { z } from 'zod';
import { EnvironmentName, RegionName, TenantName, VariableName } from './names.js';
import { Variable } from './pipeline.js';

/** A value that a place lacks, with everything that a person needs to give it. */
export const MissingVariable = z.object({
  variable: VariableName,
  label: Variable.shape.label,
  help: Variable.shape.help,
  type: Variable.shape.type.unwrap(),
  options: Variable.shape.options,
  secret: z.boolean().describe('Given by reference, never written down'),
  environment: EnvironmentName,
  region: RegionName,
  tenant: TenantName.optional(),
});
export type MissingVariable = z.infer<typeof MissingVariable>;
