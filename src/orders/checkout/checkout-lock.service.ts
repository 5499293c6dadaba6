import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { isHeld, LocksService } from '../../platform/redis/locks.service.js';

const LOCK = 'checkout';
/** Life of the lock. After a crash it refuses a second request for this long, as the database would too. */
const LOCK_MS = 3_000;

/** Error for a booking that is being paid, as the database reports it. */
export const paymentUnderWay = (): DomainError =>
  new DomainError('payment_under_way', {
    detail: 'Read the booking to see what becomes of it.',
    retryAfter: 1,
  });

/**
 * Tells the replicas which bookings are being paid at this moment, so that a second request of the same buyer is
 * refused without a statement. The lock is taken once the database says `paying` and given back before the first
 * request is answered: it never refuses what the database would not.
 */
@Injectable()
export class CheckoutLockService {
  constructor(private readonly locks: LocksService) {}

  /** Errors: `payment_under_way`. */
  async assertFree(user: Principal, bookingId: string, call: IdempotentCall | undefined): Promise<void> {
    const note = await this.locks.noteOfHolder(LOCK, bookingId);
    if (note === undefined) return;
    const [userId, key] = note.split(' ');
    // A stranger is told by the database that there is no such booking, and a repetition gets the answer of its key.
    if (userId === user.id && (!call || key !== digestOf(call.key))) throw paymentUnderWay();
  }

  /** Runs the work that pays a booking; it runs as well without Redis, or when another process holds the lock. */
  async during<T>(
    user: Principal,
    bookingId: string,
    call: IdempotentCall | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    const note = `${user.id} ${call ? digestOf(call.key) : ''}`;
    const lock = await this.locks.acquire(LOCK, { name: bookingId, ttlMs: LOCK_MS, note });
    try {
      return await work();
    } finally {
      if (isHeld(lock)) await lock.release();
    }
  }
}

const digestOf = (key: string): string => createHash('sha256').update(key).digest('base64url');
