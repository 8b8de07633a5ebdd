import { pipeline } from 'node:stream/promises';
import { Controller, Get, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { CsrfGuard, Policy, type WithViewer } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';
import { DocumentService, Uploads } from '@stepwell/documents';
import type { Request, Response } from 'express';
import { signedIn } from '../signed-in.js';

/** The form field of `POST /documents`. */
const FILES = 'files';

export interface UploadedDocument {
  readonly id: string;
  readonly fileName: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
}

/** Documents over HTTP: sent ahead of the start or the answer that refers to them, and looked at by people. */
@Controller('documents')
export class DocumentsController {
  constructor(
    private readonly documents: DocumentService,
    private readonly uploads: Uploads,
  ) {}

  /** A multipart form with files in its field `files`, for a start or for the answer of a task. */
  @Policy('reviewer')
  @UseGuards(CsrfGuard)
  @Post()
  @HttpCode(201)
  async upload(@Req() request: Request & WithViewer): Promise<readonly UploadedDocument[]> {
    const { tenant } = signedIn(request);
    const form = await this.uploads.read(request, tenant, (name) => {
      if (name === FILES) return {};
      throw new StepwellError('INPUT_INVALID', { reason: `Send the files in the field "${FILES}", not "${name}".` });
    });
    return form.files.map(({ document: { id, fileName, mediaType, size } }) => ({ id, fileName, mediaType, size }));
  }

  /** For saving, never for showing: whatever it is, no browser runs it here. */
  @Policy('reviewer')
  @Get(':id')
  async download(@Req() request: Request & WithViewer, @Res() response: Response, @Param('id') id: string): Promise<void> {
    const { content, fileName, mediaType, size } = await this.documents.of(signedIn(request)).get(id);
    response.attachment(fileName);
    response.set({
      'content-type': mediaType,
      'content-length': String(size),
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    });
    // Who goes away in the middle ends the reading; what breaks in the middle ends the answer, which its length then gives away.
    await pipeline(content, response).catch(() => response.destroy());
  }
}
