import PDFDocument from 'pdfkit';
import qrcode from 'qrcode';
import type { Weight } from '../../platform/common/print-fonts.js';
import type { Spot } from './hall.rules.js';
import { FOLD, GREY, MARGIN, WIDTH } from './paper.js';
import { type Prepared, prepare, type Texts, write } from './print-text.js';
import { QR_OPTIONS, qrContent } from './qr-code.js';
import { drawSheet, type Sheet } from './ticket-sheet.js';

/** Texts that all tickets of a document have, in their reader's language. */
export interface PrintedEvent {
  /** Who sells it, above the title. */
  readonly house: string;
  /** JPEG, beside the name. */
  readonly logo: Uint8Array | null;
  readonly title: string;
  /** Across the page, where it is no real ticket; else empty. */
  readonly mark: string;
  readonly date: string;
  /** Doors, length and age; empty where nothing is said. */
  readonly visit: string;
  readonly venue: readonly string[];
  /** Organizer and taxes. */
  readonly imprint: string;
  readonly terms: string;
  readonly sheet: Sheet;
}

/** One ticket of the document. */
export interface PrintedTicket {
  /** Small caption and large text, such as seat and price. */
  readonly facts: readonly (readonly [caption: string, text: string])[];
  readonly place: readonly [caption: string, text: string];
  readonly code: string;
  /** Where it is in the hall; null where the plan does not show it. */
  readonly spot: Spot | null;
  /** Text of the QR code. */
  readonly token: string;
}

const PAGE_WIDTH = WIDTH + 2 * MARGIN;
const MARK_HEIGHT = 20;
const QR = 200;
const LEFT = WIDTH - QR - 24;
/** Room for the logo, whose picture may be larger. */
const LOGO = { width: 110, height: 22 };

/** Points by which rows of a QR code overlap: readers of PDF would show hairlines between them. */
const OVERLAP = 0.05;

/** One A4 page for each ticket: what the gate needs stands above the middle, where the page is folded. */
export async function ticketPdf(event: PrintedEvent, tickets: readonly PrintedTicket[]): Promise<Buffer> {
  const texts = new Map<string, Prepared>();
  const ready: Texts = (text, weight) => texts.get(`${weight} ${text}`)!;
  for (const [text, weight] of [...textsOfEvent(event), ...tickets.flatMap(textsOf)]) {
    const key = `${weight} ${text}`;
    if (!texts.has(key)) texts.set(key, await prepare(text, weight));
  }
  const pdf = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    autoFirstPage: false,
    info: { Title: event.title },
    // The library would read Helvetica for each document.
    font: '',
  });
  const chunks: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  const { openImage } = pdf as unknown as { openImage: (bytes: Buffer) => PDFKit.Mixins.ImageSrc };
  // Threads get buffers as plain arrays.
  const open = (bytes: Uint8Array | null) => bytes && openImage.call(pdf, Buffer.from(bytes));
  const pictures = { logo: open(event.logo), picture: open(event.sheet.picture) };
  for (const ticket of tickets) drawPage(pdf, event, ticket, pictures, ready);
  pdf.end();
  return whole;
}

const textsOfEvent = ({
  house,
  title,
  mark,
  date,
  visit,
  venue,
  imprint,
  terms,
  sheet: { heading, notes, hall },
}: PrintedEvent): [string, Weight][] => [
  [title, 'bold'],
  [mark, 'bold'],
  ...[house, date, visit, ...venue, imprint, terms, heading, ...notes.flat()].map(plain),
  ...(hall?.captions ?? []).map(({ text }) => plain(text)),
];

const textsOf = ({ place, facts, code }: PrintedTicket): [string, Weight][] => [
  plain(place[0]),
  [place[1], 'bold'],
  ...facts.flat().map(plain),
  [code, 'bold'],
];

const plain = (text: string): [string, Weight] => [text, 'text'];

interface Pictures {
  readonly logo: PDFKit.Mixins.ImageSrc | null;
  readonly picture: PDFKit.Mixins.ImageSrc | null;
}

function drawPage(
  pdf: PDFKit.PDFDocument,
  event: PrintedEvent,
  ticket: PrintedTicket,
  { logo, picture }: Pictures,
  texts: Texts,
): void {
  pdf.addPage();
  if (event.mark) drawMark(pdf, texts(event.mark, 'bold'));
  const wide = { x: MARGIN, width: WIDTH };
  const narrow = { x: MARGIN, width: LEFT };
  drawHouse(pdf, event.house, logo, texts);
  pdf.fillColor('black');
  let y = write(pdf, texts(event.title, 'bold'), MARGIN, { ...wide, size: 26, smallest: 13, lines: 3 });
  y = write(pdf, texts(event.date, 'text'), y + 4, { ...wide, size: 12, smallest: 9, lines: 2 });
  if (event.visit)
    y = write(pdf, texts(event.visit, 'text'), y, { ...wide, size: 12, smallest: 8, lines: 1 });
  pdf.fillColor(GREY);
  for (const line of event.venue)
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
  write(pdf, texts(event.imprint, 'text'), FOLD - 53, { ...wide, size: 8.5, smallest: 7, lines: 1 });
  write(pdf, texts(event.terms, 'text'), FOLD - 40, { ...wide, size: 8.5, smallest: 7, lines: 3 });
  pdf.dash(3, { space: 3 });
  rule(pdf, FOLD);
  pdf.undash();
  drawSheet(pdf, event.sheet, ticket.spot, picture, texts);
}

/** Bars at the top and in the middle, so that no half of a folded page is without one. */
function drawMark(pdf: PDFKit.PDFDocument, mark: Prepared): void {
  for (const top of [0, FOLD + 2]) {
    pdf.rect(0, top, PAGE_WIDTH, MARK_HEIGHT).fill('black');
    pdf.fillColor('white');
    const box = { x: MARGIN, width: WIDTH, align: 'center', size: 11, smallest: 8, lines: 1 } as const;
    write(pdf, mark, top + 4, box);
  }
}

/** Logo and name, above the title. */
function drawHouse(
  pdf: PDFKit.PDFDocument,
  house: string,
  logo: PDFKit.Mixins.ImageSrc | null,
  texts: Texts,
): void {
  let x = MARGIN;
  if (logo) {
    const { width, height } = logo as unknown as { width: number; height: number };
    const scale = Math.min(LOGO.width / width, LOGO.height / height);
    pdf.image(logo, MARGIN, MARGIN - 4 - LOGO.height, { width: width * scale, height: height * scale });
    x += width * scale + 8;
  }
  pdf.fillColor(GREY);
  const box = { x, width: MARGIN + WIDTH - x, size: 10, smallest: 8, lines: 1 };
  write(pdf, texts(house, 'text'), MARGIN - 20, box);
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
