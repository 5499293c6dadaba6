import { StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** Shown by browsers, and saved under this name. */
export const pdfFile = (pages: Buffer, filename: string): StreamableFile =>
  new StreamableFile(pages, { type: 'application/pdf', disposition: `inline; filename="${filename}"` });

/** Handed to the program that keeps calendars. */
export const calendarFile = ({ type, content }: { type: string; content: string }): StreamableFile =>
  new StreamableFile(Buffer.from(content), { type, disposition: 'attachment; filename="event.ics"' });

/** A picture that everybody may see; `lasting`: its address changes with it. */
export function pictureFile(
  reply: FastifyReply,
  { bytes, type, lasting }: { bytes: Buffer; type: string; lasting: boolean },
): StreamableFile {
  reply.header('Cache-Control', lasting ? 'public, max-age=31536000, immutable' : 'public, no-cache');
  return new StreamableFile(bytes, { type, length: bytes.length });
}
