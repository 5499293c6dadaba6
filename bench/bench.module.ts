import { Body, Controller, Module, Post } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type NewHold, newHold } from '../src/inventory/holds/holds.schemas.js';
import { CurrentUser } from '../src/platform/access/access.decorators.js';
import type { Principal } from '../src/platform/access/principal.js';
import { IdParam } from '../src/platform/http/id-param.decorators.js';
import { TEXTBOOK_ENTITIES } from './textbook.entities.js';
import { TextbookHolds } from './textbook.js';

const ANSWER = {
  id: '019ab0c0-0000-7000-8000-0000000000b1',
  code: 'K7RM-2XQF',
  status: 'held',
  eventId: '019ab0c0-0000-7000-8000-0000000000e1',
  expiresAt: '2027-08-01T10:10:00.000Z',
  currency: 'EUR',
  total: 2000,
  items: [
    {
      id: '019ab0c0-0000-7000-8000-0000000000c1',
      status: 'held',
      seat: { n: 17, label: 'A-3-12' },
      area: null,
      place: { block: 'A', row: '3', seat: '12', text: 'A, row 3, seat 12' },
      price: 2000,
    },
  ],
};

/** Baseline for holds over HTTP: behind the same hooks, guard and schemas, with the same answer. */
@Controller('bench/:id')
class BenchController {
  constructor(private readonly textbook: TextbookHolds) {}

  @Post('noop')
  noop(@CurrentUser() _user: Principal, @IdParam() _id: string, @Body({ schema: newHold }) _body: NewHold) {
    return ANSWER;
  }

  @Post('event-lock')
  eventLock(
    @CurrentUser() { id: userId }: Principal,
    @IdParam() id: string,
    @Body({ schema: newHold }) { seats }: NewHold,
  ) {
    return this.textbook.underEventLock(id, seats ?? [], userId);
  }

  @Post('seat-locks')
  seatLocks(
    @CurrentUser() { id: userId }: Principal,
    @IdParam() id: string,
    @Body({ schema: newHold }) { seats }: NewHold,
  ) {
    return this.textbook.underSeatLocks(id, seats ?? [], userId);
  }
}

@Module({
  imports: [TypeOrmModule.forFeature(TEXTBOOK_ENTITIES)],
  controllers: [BenchController],
  providers: [TextbookHolds],
})
export class BenchModule {}
