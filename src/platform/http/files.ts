import { StreamableFile } from '@nestjs/common';

/** Shown by browsers, and saved under this name. */
export const pdfFile = (pages: Buffer, filename: string): StreamableFile =>
  new StreamableFile(pages, { type: 'application/pdf', disposition: `inline; filename="${filename}"` });

/** Handed to the program that keeps calendars. */
export const calendarFile = ({ type, content }: { type: string; content: string }): StreamableFile =>
  new StreamableFile(Buffer.from(content), { type, disposition: 'attachment; filename="event.ics"' });
