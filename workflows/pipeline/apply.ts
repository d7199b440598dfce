import { documentWarnings } from '../../src/rollout/document/document-warnings.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { applyDocument } from '../../src/rollout/pipeline/pipeline-ledger.js';
import { answeredBefore, remember } from '../answered.js';
import { asUpdateAnswer } from '../failures.js';
import type { Applied, ApplyRequest } from '../messages/pipeline.js';
import { changeLedger, now, type PipelineRun } from './run.js';

export function checkApply(run: PipelineRun, { document }: ApplyRequest): void {
  asUpdateAnswer(() => {
    if (document.name !== run.ledger.name) {
      throw new MeridianFailure('InvalidRequest', `This is the pipeline ${run.ledger.name}; the document is named ${document.name}.`);
    }
  });
}

/** Keeps a document as a new revision. Running rollouts keep the revision that they began with. */
export function apply(run: PipelineRun, request: ApplyRequest): Applied {
  const before = answeredBefore<Applied>(run);
  if (before) return before;
  const ledger = applyDocument(run.ledger, request.document, request.by, now());
  const answer: Applied = {
    created: run.ledger.document === null,
    changed: ledger !== run.ledger,
    revision: ledger.revision,
    warnings: documentWarnings(request.document),
    ...(request.fingerprint !== undefined && { fingerprint: request.fingerprint }),
  };
  if (answer.changed) run.unobservable = [];
  changeLedger(run, ledger);
  return remember(run, answer);
}
