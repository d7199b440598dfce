import type { Links } from '../links.js';
import type { Workflows } from '../temporal/workflows.js';

/** What the handlers work with. */
export interface Services {
  workflows: Workflows;
  links: Links;
}
