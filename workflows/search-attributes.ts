import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Registered at start; a rollout is found in the Temporal UI by each of them. */
export const searchAttributes = {
  pipeline: defineSearchAttributeKey('MeridianPipeline', SearchAttributeType.KEYWORD),
  release: defineSearchAttributeKey('MeridianRelease', SearchAttributeType.KEYWORD),
  status: defineSearchAttributeKey('MeridianStatus', SearchAttributeType.KEYWORD),
  environment: defineSearchAttributeKey('MeridianEnvironment', SearchAttributeType.KEYWORD),
  regions: defineSearchAttributeKey('MeridianRegions', SearchAttributeType.KEYWORD_LIST),
} as const;
