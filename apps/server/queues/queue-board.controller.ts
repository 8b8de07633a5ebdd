import { Controller, Get, Req, Res } from '@nestjs/common';
import { Policy } from '@stepwell/access';
import type { Request, Response } from 'express';
import { QueueBoard } from './queue-board.js';
import { QUEUE_BOARD_PATH } from './queue-board-path.js';

/** The queues of Redis, for admins, to look at: no other verb than GET comes here. */
@Controller(QUEUE_BOARD_PATH)
@Policy('admin')
export class QueueBoardController {
  constructor(private readonly board: QueueBoard) {}

  @Get(['', '*path'])
  async show(@Req() request: Request, @Res() response: Response): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    const shown = await this.board.show();
    if (typeof shown === 'function') shown(request, response);
    else response.status(shown.status).type('html').send(shown.page);
  }
}
