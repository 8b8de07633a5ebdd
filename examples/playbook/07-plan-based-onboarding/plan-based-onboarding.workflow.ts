import { type Branch, type Flow, workflow } from '@stepwell/sdk';
import { type Plan, Signup } from './signup.js';
import { SetUp } from './steps/set-up.step.js';

const DEFAULT_REGION = 'eu-central';

const enterprise: Branch<Signup> = (flow) =>
  flow
    .parallel({
      servers: (branch) =>
        branch.then(SetUp, {
          id: 'servers',
          params: ({ input }) => ({ what: 'servers', details: { region: input.region ?? DEFAULT_REGION } }),
        }),
      contact: (branch) => branch.then(SetUp, { id: 'contact', params: () => ({ what: 'contact' }) }),
      access: (branch) => branch.then(SetUp, { id: 'single-sign-on', params: () => ({ what: 'single-sign-on' }) }),
    })
    .then(SetUp, { id: 'kick-off', delay: '2d', params: () => ({ what: 'meeting', details: { about: 'kick-off' } }) });

const pro: Branch<Signup> = (flow) =>
  flow
    .then(SetUp, { id: 'fast-place', params: () => ({ what: 'place', details: { lane: 'fast' } }) })
    .then(SetUp, { id: 'features', params: () => ({ what: 'features' }) });

const free: Branch<Signup> = (flow) =>
  flow.then(SetUp, { id: 'place', params: () => ({ what: 'place', details: { lane: 'common' } }) }).then(SetUp, {
    id: 'first-steps',
    delay: '1h',
    params: () => ({ what: 'mail', details: { template: 'first-steps' } }),
  });

const byPlan: Readonly<Record<Plan, Branch<Signup>>> = { enterprise, pro, free };

export const planBasedOnboarding: Flow<Signup> = workflow('plan-based-onboarding', {
  input: Signup,
  version: 1,
  title: 'Welcome a customer',
})
  .then(SetUp, { id: 'account', params: () => ({ what: 'account' }) })
  .then(SetUp, { id: 'welcome', params: ({ input }) => ({ what: 'mail', details: { template: `welcome-${input.plan}` } }) })
  .route((ctx) => ctx.input.plan, byPlan, { id: 'plan' });
