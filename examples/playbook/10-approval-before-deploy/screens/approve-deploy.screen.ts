import { type ReadContext, Screen, type ScreenHandler } from '@stepwell/sdk';
import { IsIn } from 'class-validator';
import type { Release } from '../release.js';

export class Approval {
  @IsIn(['approved', 'rejected'])
  verdict!: 'approved' | 'rejected';
}

interface Report {
  readonly commit: string;
  readonly tests: string;
  readonly diff: string;
}

@Screen({ id: 'approve-deploy', title: 'Deploy it?' })
export class ApproveDeploy implements ScreenHandler<Report, Approval, Release> {
  readonly answer = Approval;

  props(ctx: ReadContext<Release>): Report {
    const idOf = (step: string) => ctx.resultOf<{ id: string }>(step).id;
    return { commit: ctx.input.commit, tests: idOf('tests'), diff: idOf('diff') };
  }

  subject({ input }: ReadContext<Release>): string {
    return `${input.service} at ${input.commit.slice(0, 7)}`;
  }
}
