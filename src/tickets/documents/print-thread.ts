import { yieldToRequests } from '../../platform/common/thread-priority.js';
import { type PrintedTicket, ticketPdf } from './ticket-page.js';

yieldToRequests();

export const print = ({
  tickets,
  title,
}: {
  tickets: readonly PrintedTicket[];
  title: string;
}): Promise<Buffer> => ticketPdf(tickets, title);
