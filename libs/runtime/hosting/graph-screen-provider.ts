import { type FieldError, type Json, StepwellError } from '@stepwell/contracts';
import { takeDocuments } from '@stepwell/documents';
import { type Graph, WorkflowCatalog } from '@stepwell/engine';
import { type AnyScreen, documentsIn, type MayDecide, screenMetadata, type Type } from '@stepwell/sdk';
import { readJournals, type Sql, type TaskRecord } from '@stepwell/storage';
import { type BulkAnswers, type DecidingQuestion, type OfferedLink, ScreenProvider } from '@stepwell/tasks';
import type { Handlers } from '../worker/host.js';
import { askAuthor } from './ask-author.js';

/** The screens of the hosted workflows, found by their place in the graph. */
export class GraphScreenProvider extends ScreenProvider {
  constructor(
    private readonly catalog: WorkflowCatalog,
    private readonly handlers: Pick<Handlers, 'screen'>,
    override readonly build: string | null = null,
  ) {
    super();
  }

  answerClassOf(workflow: string, path: string, screen: string): Type<object> | undefined {
    return this.find(workflow, path, screen)?.answer as Type<object> | undefined;
  }

  override linksOf(workflow: string, path: string, screen: string): readonly OfferedLink[] {
    return (this.find(workflow, path, screen)?.links ?? []) as readonly OfferedLink[];
  }

  override bulkOf(workflow: string, path: string, screen: string): BulkAnswers | null {
    const { bulk = false } = this.find(workflow, path, screen) ?? {};
    if (bulk === false) return null;
    return bulk === true ? 'any' : (bulk as readonly OfferedLink[]);
  }

  override mayReviewersPrioritize({ workflow, workflow_version: version, path }: TaskRecord): boolean {
    const definition = this.catalog.version(workflow, version)?.graph.byPath.get(path)?.definition;
    return definition?.kind === 'screen' && definition.prioritizedBy === 'reviewers';
  }

  async mayDecide(sql: Sql, question: DecidingQuestion): Promise<MayDecide> {
    const { tenant, task } = question;
    const { workflow, workflow_version: version, path, screen: name } = task;
    const graph = this.catalog.version(workflow, version)?.graph;
    const screen = graph && this.screenAt(graph, path);
    if (!graph || !screen) throw new StepwellError('SCREEN_NOT_FOUND', { screen: name, workflow });
    if (!screen.mayDecide) return true;
    const facts = (await readJournals(sql, [{ tenant, id: task.run_id }])).get(task.run_id) ?? [];
    return askAuthor(screen, graph, facts, question);
  }

  private screenAt({ byPath }: Graph, path: string): AnyScreen | undefined {
    const definition = byPath.get(path)?.definition;
    return definition?.kind === 'screen' ? this.handlers.screen(definition.screen) : undefined;
  }

  takeDocuments(sql: Sql, tenant: string, type: Type<object>, answer: Json): Promise<readonly FieldError[]> {
    return takeDocuments(sql, tenant, documentsIn(type, answer));
  }

  private find(workflow: string, path: string, screen: string): AnyScreen | undefined {
    const there = this.catalog.versions(workflow).flatMap(({ graph }) => {
      const definition = graph.byPath.get(path)?.definition;
      return definition?.kind === 'screen' ? [definition.screen] : [];
    });
    const found = there.find((type) => screenMetadata(type)?.id === screen) ?? there[0];
    return found && this.handlers.screen(found);
  }
}
