import type { Hall, Spot } from './hall.rules.js';
import { FOLD, GREY, MARGIN, PAGE_HEIGHT, WIDTH } from './paper.js';
import { type Texts, write } from './print-text.js';

/** Below the fold: where the place is, and what is good to know before one leaves home. */
export interface Sheet {
  readonly heading: string;
  /** Small caption and text. */
  readonly notes: readonly (readonly [caption: string, text: string])[];
  /** Colour of the house. */
  readonly accent: string;
  readonly hall: Hall | null;
  /** JPEG, for places that are not on the plan. */
  readonly picture: Uint8Array | null;
}

const TOP = FOLD + 26;
const BOTTOM = PAGE_HEIGHT - 40;
const LEFT_WIDTH = 276;
const GAP = 24;
const SECTION = '#d8d8d2';
const SHAPE = '#efefeb';
const SPOT_RADIUS = 4.5;

/** Draws the lower half. `picture`: as the document has opened it. */
export function drawSheet(
  pdf: PDFKit.PDFDocument,
  sheet: Sheet,
  spot: Spot | null,
  picture: PDFKit.Mixins.ImageSrc | null,
  texts: Texts,
): void {
  const left = { x: MARGIN, width: LEFT_WIDTH };
  const isDrawn = spot !== null && sheet.hall !== null;
  if (isDrawn) {
    pdf.fillColor(GREY);
    const y = write(pdf, texts(sheet.heading, 'text'), TOP, { ...left, size: 9, smallest: 7, lines: 1 });
    drawHall(
      pdf,
      sheet.hall,
      spot,
      { x: MARGIN, y: y + 8, width: LEFT_WIDTH, height: BOTTOM - y - 8 },
      sheet.accent,
      texts,
    );
  } else if (picture) pdf.image(picture, MARGIN, TOP, { fit: [LEFT_WIDTH, BOTTOM - TOP] });
  const x = isDrawn || picture ? MARGIN + LEFT_WIDTH + GAP : MARGIN;
  drawNotes(pdf, sheet.notes, { x, width: MARGIN + WIDTH - x }, texts);
}

/** As many as fit. */
function drawNotes(
  pdf: PDFKit.PDFDocument,
  notes: Sheet['notes'],
  column: { x: number; width: number },
  texts: Texts,
): void {
  let y = TOP;
  for (const [caption, text] of notes) {
    if (y > BOTTOM - 60) return;
    pdf.fillColor(GREY);
    y = write(pdf, texts(caption, 'text'), y, { ...column, size: 9, smallest: 7, lines: 1 });
    pdf.fillColor('black');
    y = write(pdf, texts(text, 'text'), y + 1, { ...column, size: 10.5, smallest: 8, lines: 4 }) + 8;
  }
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The sections in grey, that of the place in colour, and the place as a dot. */
function drawHall(
  pdf: PDFKit.PDFDocument,
  hall: Hall,
  spot: Spot,
  box: Box,
  accent: string,
  texts: Texts,
): void {
  const margin = hall.spacing / 2;
  const scale = Math.min(box.width / (hall.width + 2 * margin), box.height / (hall.height + 2 * margin));
  const at = ({ x, y }: { x: number; y: number }): [number, number] => [
    tenths(box.x + (x - hall.left + margin) * scale),
    tenths(box.y + (y - hall.top + margin) * scale),
  ];
  const trace = (corners: readonly { x: number; y: number }[]) => {
    pdf.moveTo(...at(corners[0]!));
    for (const corner of corners.slice(1)) pdf.lineTo(...at(corner));
    pdf.closePath();
  };
  const shapes = hall.shapes.filter((corners) => corners.length > 1);
  for (const corners of shapes) trace(corners);
  if (shapes.length > 0) pdf.fill(SHAPE);
  // Seats are wider than the points in their middles.
  pdf.lineWidth(hall.spacing * 0.9 * scale).lineJoin('round');
  const others = hall.sections.filter(({ no }) => no !== spot.section);
  for (const { corners } of others) trace(corners);
  if (others.length > 0) pdf.fillAndStroke(SECTION, SECTION);
  for (const { no, corners } of hall.sections) if (no === spot.section) trace(corners);
  pdf.fillAndStroke(accent, accent);
  pdf
    .lineWidth(1.5)
    .circle(...at(spot), SPOT_RADIUS)
    .fillAndStroke('black', 'white');
  pdf.fillColor(GREY);
  for (const { text, ...place } of hall.captions) {
    const [x, y] = at(place);
    const width = Math.min(90, 2 * Math.min(x - box.x + 20, box.x + box.width - x + 20));
    write(pdf, texts(text, 'text'), y - 5, {
      x: x - width / 2,
      width,
      align: 'center',
      size: 7.5,
      smallest: 5,
      lines: 1,
    });
  }
}

/** Finer than any printer, and half as long as all digits. */
const tenths = (points: number): number => Math.round(points * 10) / 10;
