import { z } from 'zod';

/** The name under which acts are recorded: it is shown in timelines, in Markdown and in the Temporal UI. */
export const ActorName = z
  .string()
  .max(64)
  .regex(/^[\p{L}\p{N}]([\p{L}\p{N} ._@+'\\-]*[\p{L}\p{N}])?$/u, 'use letters, digits, spaces and . _ @ + \' - inside');
