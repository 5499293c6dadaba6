import { writeFileSync } from 'node:fs';
import qrcode from 'qrcode';

const [WIDTH, HEIGHT] = [640, 480];
const QUIET = 4;

/** For Chromium: every page may use a camera, which shows what is in this file. */
export const fakeCamera = (file: string): string[] => [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${file}`,
];

/** Puts a QR code before the camera, as a film of one picture in YUV4MPEG2. */
export function showToCamera(file: string, text: string): void {
  const { size, data } = qrcode.create(text).modules;
  const cell = Math.floor(HEIGHT / (size + 2 * QUIET));
  const [left, top] = [WIDTH, HEIGHT].map((room) => Math.floor((room - size * cell) / 2)) as [number, number];
  const grey = Buffer.alloc(WIDTH * HEIGHT, 235);
  for (const [at, dark] of data.entries()) {
    if (!dark) continue;
    const [x, y] = [left + (at % size) * cell, top + Math.floor(at / size) * cell];
    for (let line = y; line < y + cell; line++) grey.fill(16, line * WIDTH + x, line * WIDTH + x + cell);
  }
  const colorless = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const head = `YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420mpeg2\n`;
  writeFileSync(file, Buffer.concat([Buffer.from(`${head}FRAME\n`), grey, colorless]));
}
