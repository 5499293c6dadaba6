import { Body, Controller, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import * as schemas from './notifications.schemas.js';
import { NotificationsService } from './notifications.service.js';
import { PreferencesService } from './preferences.service.js';

@ApiTags('notifications')
@ApiBearerAuth()
@Controller('notifications')
export class NotificationsController {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly preferences: PreferencesService,
  ) {}

  @ApiOperation({ summary: 'Your notifications, newest first; kept for a year' })
  @ApiOkResponse({ standardSchema: schemas.notificationPage })
  @Get()
  list(
    @CurrentUser() user: Principal,
    @Query({ schema: schemas.notificationQuery }) query: schemas.NotificationQuery,
  ) {
    return this.notifications.list(user, query);
  }

  @ApiOperation({ summary: 'Mark all as read' })
  @ApiOkResponse({ standardSchema: schemas.readBody })
  @Post('read-all')
  @HttpCode(200)
  markAllRead(@CurrentUser() user: Principal) {
    return this.notifications.markAllRead(user);
  }

  @ApiOperation({ summary: 'Your choice of notifications, and of the way they come' })
  @ApiOkResponse({ standardSchema: schemas.preferencesBody })
  @Get('preferences')
  readPreferences(@CurrentUser() user: Principal) {
    return this.preferences.read(user);
  }

  @ApiOperation({
    summary: 'Say what you want to be told of, and how',
    description:
      'Kinds that are not named go back to their default. Kinds about a seat or money are always shown in the application (`alwaysInApp`); mail can be switched off for each.',
  })
  @ApiOkResponse({ standardSchema: schemas.preferencesBody })
  @Put('preferences')
  replacePreferences(
    @CurrentUser() user: Principal,
    @Body({ schema: schemas.newPreferences }) body: schemas.NewPreferences,
  ) {
    return this.preferences.replace(user, body);
  }

  @ApiOperation({ summary: 'Mark one as read' })
  @ApiOkResponse({ standardSchema: schemas.notificationBody })
  @Post(':id/read')
  @HttpCode(200)
  markRead(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.notifications.markRead(user, id);
  }
}
