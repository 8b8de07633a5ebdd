import { type Flow, workflow } from '@stepwell/sdk';
import { Release } from './release.js';
import { ApproveDeploy } from './screens/approve-deploy.screen.js';
import { RunJob } from './steps/run-job.step.js';

const tell = (id: string, text: string) => ({ id, params: () => ({ job: 'message', details: { text } }) as const });

export const approvalBeforeDeploy: Flow<Release> = workflow('approval-before-deploy', {
  input: Release,
  version: 1,
  title: 'Deploy what somebody has approved',
})
  .then(RunJob, { id: 'tests', params: () => ({ job: 'tests' }) })
  .then(RunJob, { id: 'diff', params: () => ({ job: 'diff' }) })
  .screen(ApproveDeploy, {
    candidateGroups: ['release'],
    due: '4h',
    escalate: [
      { after: '4h', assign: { candidateGroups: ['release-backup'] } },
      { after: '20h', answer: { verdict: 'rejected' } },
    ],
  })
  .when(
    (ctx) => ctx.answerOf(ApproveDeploy).verdict === 'approved',
    (yes) =>
      yes.cancellationScope(
        (scope) =>
          scope
            .then(RunJob, { id: 'deploy', params: () => ({ job: 'deployment' }) })
            .then(RunJob, tell('tell-deployed', 'It is deployed.')),
        { id: 'whole' },
      ),
    { id: 'approved' },
  )
  .otherwise((no) => no.then(RunJob, tell('tell-rejected', 'It is not deployed.')));
