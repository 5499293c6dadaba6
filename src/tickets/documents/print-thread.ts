import { yieldToRequests } from '../../platform/common/thread-priority.js';
import { type PrintedEvent, type PrintedTicket, ticketPdf } from './ticket-page.js';

yieldToRequests();

export interface PrintJob {
  readonly event: PrintedEvent;
  readonly tickets: readonly PrintedTicket[];
}

export const print = ({ event, tickets }: PrintJob): Promise<Buffer> => ticketPdf(event, tickets);
