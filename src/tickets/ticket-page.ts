import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';

/** What a printed ticket says, in the words of its reader's language. */
export interface PrintedTicket {
  readonly title: string;
  readonly date: string;
  readonly venue: readonly string[];
  /** Small caption and large text, such as seat and price. */
  readonly facts: readonly (readonly [caption: string, text: string])[];
  readonly place: readonly [caption: string, text: string];
  readonly code: string;
  readonly terms: string;
  /** PNG with its quiet zone. */
  readonly qr: Buffer;
}

const require = createRequire(import.meta.url);
// Embedded, because the fonts every PDF reader has know no names beyond Western Europe's.
const FONT = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const BOLD = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');

const MARGIN = 48;
const WIDTH = 595.28 - 2 * MARGIN;
const QR = 200;
const LEFT = WIDTH - QR - 24;
const GREY = '#555555';

/** One A4 page for each ticket; all it says stands above the middle, where the page is folded. */
export function ticketPdf(tickets: readonly PrintedTicket[], title: string): Promise<Buffer> {
  const pdf = new PDFDocument({ size: 'A4', margin: MARGIN, autoFirstPage: false, info: { Title: title } });
  pdf.registerFont('text', FONT).registerFont('bold', BOLD);
  const chunks: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  for (const ticket of tickets) drawPage(pdf, ticket);
  pdf.end();
  return whole;
}

function drawPage(pdf: PDFKit.PDFDocument, ticket: PrintedTicket): void {
  pdf.addPage();
  const size = ticket.title.length > 60 ? 16 : ticket.title.length > 30 ? 20 : 26;
  pdf.font('bold').fontSize(size).fillColor('black');
  pdf.text(ticket.title, MARGIN, MARGIN, { width: WIDTH, height: size * 3.8, ellipsis: true });
  pdf.moveDown(0.3).font('text').fontSize(12).text(ticket.date, { width: WIDTH });
  for (const line of ticket.venue)
    pdf.fillColor(GREY).fontSize(11).text(line, { width: WIDTH, height: 28, ellipsis: true });
  const top = pdf.y + 14;
  rule(pdf, top - 6);

  pdf.image(ticket.qr, MARGIN + WIDTH - QR, top, { width: QR, height: QR });
  const [caption, place] = ticket.place;
  pdf
    .font('text')
    .fontSize(9)
    .fillColor(GREY)
    .text(caption, MARGIN, top + 8, { width: LEFT });
  pdf
    .font('bold')
    .fontSize(place.length > 14 ? 22 : 34)
    .fillColor('black');
  pdf.text(place, { width: LEFT, height: 84, ellipsis: true }).moveDown(0.3);
  for (const [label, text] of ticket.facts) {
    pdf.font('text').fontSize(9).fillColor(GREY).text(label, { width: LEFT });
    pdf.font('text').fontSize(12).fillColor('black').text(text, { width: LEFT, height: 30, ellipsis: true });
    pdf.moveDown(0.25);
  }
  pdf.font('bold').fontSize(12).fillColor('black');
  pdf.text(ticket.code, MARGIN + WIDTH - QR, top + QR + 2, { width: QR, align: 'center' });

  const fold = 841.89 / 2;
  pdf.font('text').fontSize(8.5).fillColor(GREY);
  pdf.text(ticket.terms, MARGIN, fold - 40, { width: WIDTH, height: 36, ellipsis: true });
  pdf.dash(3, { space: 3 });
  rule(pdf, fold);
  pdf.undash();
}

function rule(pdf: PDFKit.PDFDocument, y: number): void {
  pdf
    .moveTo(MARGIN, y)
    .lineTo(MARGIN + WIDTH, y)
    .lineWidth(0.5)
    .strokeColor('#999999')
    .stroke();
}
