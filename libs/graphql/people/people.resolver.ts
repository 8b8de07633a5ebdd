import { StepwellError } from '@stepwell/contracts';
import { Args, Field, InputType, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PeopleService, Policy, type Viewer } from '@stepwell/access';
import { withErrors } from '../errors/with-errors.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { CurrentViewer } from '../wire/graphql-context.js';
import { PersonObject, PersonPayload } from './person.object.js';

@InputType('AbsenceInput')
export class AbsenceInput {
  @Field(() => DateTime)
  readonly from!: string;

  @Field(() => DateTime)
  readonly until!: string;

  @Field(() => String, { description: 'The name of who has meanwhile what would be theirs.' })
  readonly substitute!: string;
}

/** Whom tasks may be given to, the groups of people, and who is away. */
@Resolver(() => PersonObject)
@Policy('reviewer')
export class PeopleResolver {
  constructor(private readonly service: PeopleService) {}

  @Query(() => [PersonObject], { description: 'Of the tenant, by name; at most 1,000.' })
  people(@CurrentViewer() { tenant }: Viewer): Promise<readonly PersonObject[]> {
    return this.service.list(tenant);
  }

  @Policy('admin')
  @Mutation(() => PersonPayload, { description: 'Replaces the groups of a person.' })
  setGroups(
    @CurrentViewer() { tenant }: Viewer,
    @Args('name', { type: () => String }) name: string,
    @Args('groups', { type: () => [String] }) groups: readonly string[],
  ): Promise<PersonPayload> {
    return withErrors<{ person: PersonObject | null }>({ person: null }, async () => ({
      person: await this.service.setGroups(tenant, name, groups),
    }));
  }

  @Mutation(() => PersonPayload, {
    description:
      'Says that one is away, or (an operator) that somebody is; without an absence, that he is back. What is assigned meanwhile goes to the substitute.',
  })
  setAbsence(
    @CurrentViewer() viewer: Viewer,
    @Args('name', { type: () => String, nullable: true, description: 'Default: the viewer.' }) name: string | null | undefined,
    @Args('absence', { type: () => AbsenceInput, nullable: true }) absence: AbsenceInput | null | undefined,
  ): Promise<PersonPayload> {
    return withErrors<{ person: PersonObject | null }>({ person: null }, async () => {
      const who = name ?? viewer.name;
      if (viewer.kind !== 'user' || (who !== viewer.name && viewer.role === 'reviewer')) throw new StepwellError('FORBIDDEN');
      const away = absence && { from: new Date(absence.from), until: new Date(absence.until), substitute: absence.substitute };
      return { person: await this.service.setAbsence(viewer.tenant, who, away ?? null) };
    });
  }
}
