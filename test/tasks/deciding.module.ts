/** Screens that not everybody may decide, for the table of paths. */
import { IsIn, IsOptional, IsString } from 'class-validator';
import { type Decider, type DecidingContext, event, on, Screen, type ScreenHandler, workflow, WorkflowModule } from '@stepwell/sdk';

interface Claim {
  readonly mark: string;
}

class Verdict {
  @IsIn(['approve', 'refuse'])
  verdict!: 'approve' | 'refuse';

  @IsOptional()
  @IsString()
  note?: string;
}

@Screen({ id: 'sign', title: 'Sign' })
class Sign implements ScreenHandler<null, Verdict, Claim> {
  readonly answer = Verdict;
  readonly bulk = true;
  props() {
    return null;
  }
  subject({ input }: { readonly input: Claim }) {
    return input.mark;
  }
}

/** Who has signed does not countersign; a machine never does; and it throws for a run that is marked so. */
@Screen({ id: 'countersign', title: 'Countersign' })
class Countersign implements ScreenHandler<{ mark: string }, Verdict, Claim> {
  readonly answer = Verdict;
  readonly bulk = true;
  props({ input }: { readonly input: Claim }) {
    return { mark: input.mark };
  }
  subject({ input }: { readonly input: Claim }) {
    return input.mark;
  }
  mayDecide(person: Decider, { input, props, decisions }: DecidingContext<Claim, { mark: string }>) {
    if (props.mark !== input.mark || input.mark.startsWith('broken')) throw new Error('no such mark');
    if (person.kind === 'api-key') return false;
    return decisions.some(({ by }) => by?.id === person.id) ? 'You have signed it; somebody else countersigns.' : true;
  }
}

export const Claimed = event<Claim>('claim.made');

/** `sign` is for nobody who has started it, or the run whose event has. */
const signed = workflow<Claim>('signed', {
  version: 1,
  startOn: [on(Claimed, ({ payload }) => ({ input: payload }))],
}).screen(Sign, { ownWork: 'refused' });

const claimed = workflow<Claim>('claimed', { version: 1 }).emit(Claimed, ({ input }) => input);

const countersigned = workflow<Claim>('countersigned', { version: 1 }).screen(Sign).screen(Countersign);

/** Two look, without each other; a judge settles what they say of the verdict. */
const reviewed = workflow<Claim>('reviewed', { version: 1 }).screen(Sign, {
  reviews: { required: 2, of: 2, compare: ['verdict'], settledBy: ['judges'] },
});

@WorkflowModule({ workflows: [signed, claimed, countersigned, reviewed], providers: [Sign, Countersign] })
export class DecidingModule {}
