import type { QRCodeSegment } from 'qrcode';

/** Error correction M: readable with a fold or a stain, in 45 × 45 modules. The quiet zone is the standard's four. */
export const QR_OPTIONS = { errorCorrectionLevel: 'M', margin: 4 } as const;

/** A token as bytes: the library would look for the shortest mix of encodings, and there is none in random letters. */
export const qrContent = (token: string): QRCodeSegment[] => [{ data: Buffer.from(token), mode: 'byte' }];
