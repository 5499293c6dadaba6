import PDFDocument from 'pdfkit';
import qrcode from 'qrcode';
import type { Weight } from '../../platform/common/print-fonts.js';
import { type Prepared, prepare, write } from './print-text.js';
import { QR_OPTIONS, qrContent } from './qr-code.js';

/** Texts of a printed ticket, in its reader's language. */
export interface PrintedTicket {
  /** Who sells it, above the title. */
  readonly house: string;
  readonly title: string;
  readonly date: string;
  readonly venue: readonly string[];
  /** Small caption and large text, such as seat and price. */
  readonly facts: readonly (readonly [caption: string, text: string])[];
  readonly place: readonly [caption: string, text: string];
  readonly code: string;
  /** Organizer and taxes. */
  readonly imprint: string;
  readonly terms: string;
  /** Text of the QR code. */
  readonly token: string;
}

const MARGIN = 48;
const WIDTH = 595.28 - 2 * MARGIN;
const QR = 200;
const LEFT = WIDTH - QR - 24;
const FOLD = 841.89 / 2;
const GREY = '#555555';

/** Points by which rows of a QR code overlap: readers of PDF would show hairlines between them. */
const OVERLAP = 0.05;

/** One A4 page for each ticket; all it says stands above the middle, where the page is folded. */
export async function ticketPdf(tickets: readonly PrintedTicket[], title: string): Promise<Buffer> {
  const texts = new Map<string, Prepared>();
  const ready: Texts = (text, weight) => texts.get(`${weight} ${text}`)!;
  for (const [text, weight] of tickets.flatMap(textsOf)) {
    const key = `${weight} ${text}`;
    if (!texts.has(key)) texts.set(key, await prepare(text, weight));
  }
  const pdf = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    autoFirstPage: false,
    info: { Title: title },
    // The library would read Helvetica for each document.
    font: '',
  });
  const chunks: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  for (const ticket of tickets) drawPage(pdf, ticket, ready);
  pdf.end();
  return whole;
}

/** A text whose fonts are known. */
type Texts = (text: string, weight: Weight) => Prepared;

const textsOf = ({
  house,
  title,
  date,
  venue,
  place,
  facts,
  code,
  imprint,
  terms,
}: PrintedTicket): [string, Weight][] => [
  [house, 'text'],
  [title, 'bold'],
  [date, 'text'],
  ...venue.map((line): [string, Weight] => [line, 'text']),
  [place[0], 'text'],
  [place[1], 'bold'],
  ...facts.flat().map((text): [string, Weight] => [text, 'text']),
  [code, 'bold'],
  [imprint, 'text'],
  [terms, 'text'],
];

function drawPage(pdf: PDFKit.PDFDocument, ticket: PrintedTicket, texts: Texts): void {
  pdf.addPage();
  const wide = { x: MARGIN, width: WIDTH };
  const narrow = { x: MARGIN, width: LEFT };
  pdf.fillColor(GREY);
  write(pdf, texts(ticket.house, 'text'), MARGIN - 18, { ...wide, size: 10, smallest: 8, lines: 1 });
  pdf.fillColor('black');
  let y = write(pdf, texts(ticket.title, 'bold'), MARGIN, { ...wide, size: 26, smallest: 13, lines: 3 });
  y = write(pdf, texts(ticket.date, 'text'), y + 4, { ...wide, size: 12, smallest: 9, lines: 2 });
  pdf.fillColor(GREY);
  for (const line of ticket.venue)
    y = write(pdf, texts(line, 'text'), y, { ...wide, size: 11, smallest: 8, lines: 2 });
  const top = y + 14;
  rule(pdf, top - 6);

  drawQr(pdf, ticket.token, MARGIN + WIDTH - QR, top);
  const [caption, place] = ticket.place;
  pdf.fillColor(GREY);
  y = write(pdf, texts(caption, 'text'), top + 8, { ...narrow, size: 9, smallest: 7, lines: 1 });
  pdf.fillColor('black');
  y = write(pdf, texts(place, 'bold'), y, { ...narrow, size: 34, smallest: 12, lines: 2 }) + 4;
  for (const [label, text] of ticket.facts) {
    pdf.fillColor(GREY);
    y = write(pdf, texts(label, 'text'), y, { ...narrow, size: 9, smallest: 7, lines: 1 });
    pdf.fillColor('black');
    y = write(pdf, texts(text, 'text'), y, { ...narrow, size: 12, smallest: 8, lines: 2 }) + 4;
  }
  const underCode = { x: MARGIN + WIDTH - QR, width: QR, align: 'center' } as const;
  write(pdf, texts(ticket.code, 'bold'), top + QR + 2, { ...underCode, size: 12, smallest: 8, lines: 1 });

  pdf.fillColor(GREY);
  write(pdf, texts(ticket.imprint, 'text'), FOLD - 53, { ...wide, size: 8.5, smallest: 7, lines: 1 });
  write(pdf, texts(ticket.terms, 'text'), FOLD - 40, { ...wide, size: 8.5, smallest: 7, lines: 3 });
  pdf.dash(3, { space: 3 });
  rule(pdf, FOLD);
  pdf.undash();
}

/** Drawn, not embedded as a picture: sharp at any size, and a tenth of the work of packing a PNG and unpacking it again. */
function drawQr(pdf: PDFKit.PDFDocument, token: string, left: number, top: number): void {
  const { modules } = qrcode.create(qrContent(token), QR_OPTIONS);
  const { size } = modules;
  const { margin } = QR_OPTIONS;
  const side = QR / (size + 2 * margin);
  for (let row = 0; row < size; row++)
    for (let from = 0; from < size; from++) {
      if (!modules.get(row, from)) continue;
      let to = from + 1;
      while (to < size && modules.get(row, to)) to++;
      pdf.rect(
        left + (margin + from) * side,
        top + (margin + row) * side,
        (to - from) * side,
        side + OVERLAP,
      );
      from = to;
    }
  pdf.fill('black');
}

function rule(pdf: PDFKit.PDFDocument, y: number): void {
  pdf
    .moveTo(MARGIN, y)
    .lineTo(MARGIN + WIDTH, y)
    .lineWidth(0.5)
    .strokeColor('#999999')
    .stroke();
}
