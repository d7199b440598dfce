import { describe, expect, it } from 'vitest';
import { approvalsNeeded } from '../../../src/rollout/plan/approvals-needed.js';
import { ask, everywhere } from './ask-plan.js';
import { shop, verifiedIn } from '../sample-document.js';

const approval = (name: string, changes = {}) => ({ name, type: 'approval', roles: ['sre'], ...changes });
const document = shop({
  tenants: { acme: { regions: ['sydney'] }, globex: { regions: ['sydney'] } },
  lifecycle: [
    { environment: 'staging', gates: [approval('try')] },
    {
      environment: 'production', waves: [['sydney'], ['frankfurt', 'virginia']],
      gates: [approval('go', { approvals: 2, notStarter: true }), { name: 'load', type: 'metric', query: 'load', max: 1 }],
      waveGates: [approval('on')], regionGates: [approval('there')],
    },
  ],
});

describe('the approvals of a plan', () => {
  it('are named with how often they are asked for: once, for each wave, for each place', () => {
    expect(approvalsNeeded(document, ask({ document }))).toEqual([
      { gate: 'try', environment: 'staging', scope: 'phase', times: 1, needs: 'approval by sre, within 1d' },
      {
        gate: 'go', environment: 'production', scope: 'phase', times: 1,
        needs: 'approval of 2 different people, each by sre, not by the person who started the rollout, within 1d',
      },
      { gate: 'on', environment: 'production', scope: 'wave', times: 2, needs: 'approval by sre, within 1d' },
      { gate: 'there', environment: 'production', scope: 'region', times: 4, needs: 'approval by sre, within 1d' },
    ]);
  });

  it('are those of the phases in the walk alone', () => {
    const verified = verifiedIn('staging/sydney/acme', 'staging/sydney/globex', ...everywhere('staging'));
    expect(approvalsNeeded(document, ask({ document, verified })).map(({ gate }) => gate)).toEqual(['go', 'on', 'there']);
  });
});
