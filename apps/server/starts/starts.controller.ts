import { Body, Controller, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { actorOf, CsrfGuard, Policy, type Viewer, type WithViewer } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';
import { FormInput, isForm, Uploads } from '@stepwell/documents';
import { WorkflowCatalog } from '@stepwell/engine';
import { RunService } from '@stepwell/runtime';
import type { Request, Response } from 'express';
import { idempotencyKeyOf, signedIn } from '../signed-in.js';

export interface StartAnswer {
  readonly runId: string;
  /** The idempotency key had been used; `runId` is then the first run. */
  readonly existing: boolean;
}

/** Starts by machines that speak no GraphQL, and by forms with files. */
@Controller('workflows')
export class StartsController {
  constructor(
    private readonly runs: RunService,
    private readonly catalog: WorkflowCatalog,
    private readonly uploads: Uploads,
  ) {}

  /** JSON `{ "input": ..., "idempotencyKey": "..." }`, or a multipart form whose fields make the input. 201; 200 for a run that was there. */
  @Policy('operator')
  @UseGuards(CsrfGuard)
  @Post(':name/start')
  async start(
    @Req() request: Request & WithViewer,
    @Res({ passthrough: true }) response: Response,
    @Param('name') workflow: string,
    @Body() body: unknown,
  ): Promise<StartAnswer> {
    const viewer = signedIn(request);
    const started = await (isForm(request)
      ? this.startByForm(request, viewer, workflow)
      : this.startByJson(request, viewer, workflow, body));
    response.status(started.existing ? 200 : 201);
    return started;
  }

  private startByJson(request: Request, viewer: Viewer, workflow: string, body: unknown): Promise<StartAnswer> {
    const { input = null, idempotencyKey, ...rest } = (body ?? {}) as { readonly input?: unknown; readonly idempotencyKey?: unknown };
    if (Array.isArray(body) || Object.keys(rest).length > 0)
      throw new StepwellError('INPUT_INVALID', { reason: 'Send {"input": ..., "idempotencyKey": "..."}; either may be left out.' });
    return this.runs.start({ ...aboutOf(viewer, workflow), input, idempotencyKey: idempotencyKeyOf(request, idempotencyKey) });
  }

  /** The files are stored as they come; when they lead to no run, they are removed again. */
  private async startByForm(request: Request, viewer: Viewer, workflow: string): Promise<StartAnswer> {
    const hosted = this.catalog.get(workflow);
    if (!hosted) throw new StepwellError('WORKFLOW_NOT_FOUND', { workflow });
    const idempotencyKey = idempotencyKeyOf(request);
    const shape = new FormInput(hosted.definition.input);
    const form = await this.uploads.read(request, viewer.tenant, shape.limitsOf);
    try {
      const started = await this.runs.start({ ...aboutOf(viewer, workflow), input: shape.inputOf(form), idempotencyKey });
      if (started.existing) await this.uploads.discard(viewer.tenant, form);
      return started;
    } catch (error) {
      // Any other error leaves open whether there is a run, and then it needs its files.
      if (error instanceof StepwellError) await this.uploads.discard(viewer.tenant, form);
      throw error;
    }
  }
}

function aboutOf(viewer: Viewer, workflow: string) {
  return { tenant: viewer.tenant, workflow, actor: actorOf(viewer) };
}
