import { event, type Flow, type SplitResult, type Variant, workflow } from '@stepwell/sdk';
import { SendOffer } from './steps/send-offer.step.js';
import { Visit } from './visit.js';

/** Who has seen which variant: what the evaluation counts. */
export const ExperimentSeen = event<{ experiment: string; user: string; variant: string }>('experiment.seen');

const offer = (subject: string) => (flow: Flow<Visit>) => flow.then(SendOffer, { id: `send-${subject}`, params: () => ({ subject }) });

/** Two of three users get the subject that is known to work. */
export const subjects: Readonly<Record<string, Variant<Visit>>> = {
  control: { weight: 2, branch: offer('your-offer-of-the-week') },
  question: { weight: 1, branch: offer('did-you-see-this') },
};

export const abTest = workflow('ab-test', { input: Visit, version: 1, title: 'Which subject is opened more often?' })
  .abSplit(subjects, { id: 'subject', by: (ctx) => ctx.input.user })
  .emit(ExperimentSeen, (ctx) => ({ experiment: 'subject', user: ctx.input.user, variant: ctx.resultOf<SplitResult>('subject').variant }), {
    id: 'seen',
  });
