import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { Policy } from '@stepwell/access';
import { NotificationPreferences } from '@stepwell/notifications';

/**
 * The other half of `List-Unsubscribe`: a mail reader posts to it on its own (RFC 8058), with no session and a form's content type; our
 * page at the same address does when its button is pressed. A GET shows that page and does nothing.
 */
@Controller('unsubscribe')
export class UnsubscribeController {
  constructor(private readonly preferences: NotificationPreferences) {}

  @Policy('signed')
  @Post(':token')
  @HttpCode(204)
  unsubscribe(@Param('token') token: string): Promise<void> {
    return this.preferences.unsubscribe(token);
  }
}
