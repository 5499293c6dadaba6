interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type DetectorClass = (new (options: {
  formats: ['qr_code'];
}) => Detector) & {
  getSupportedFormats(): Promise<readonly string[]>;
};

/** The browser's own reader of QR codes where it has one, else one of ours that is fetched first. */
async function openDetector(): Promise<Detector> {
  const own = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  const formats = (await own?.getSupportedFormats().catch(() => undefined)) ?? [];
  if (own && formats.includes('qr_code')) return new own({ formats: ['qr_code'] });
  const { BarcodeDetector } = await import('qr/decode.js');
  return new BarcodeDetector({ formats: ['qr_code'] });
}

const LOOK_EVERY = 150;
/** A ticket that stays in front of the camera is read once in this time. */
const SAME_AFTER = 4_000;

/**
 * Shows the camera in a video and reads codes from it until it is stopped.
 * Errors: those of `getUserMedia`, when there is no camera or it is not allowed.
 * @returns stops it
 */
export async function readCodes(video: HTMLVideoElement, found: (text: string) => void): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 1280 } },
    audio: false,
  });
  const detector = await openDetector();
  video.srcObject = stream;
  await video.play();
  let last = { text: '', at: 0 };
  let timer: ReturnType<typeof setTimeout>;
  let stopped = false;
  const look = async () => {
    const [code] = await detector.detect(video).catch(() => []);
    if (stopped) return;
    const now = performance.now();
    if (code && (code.rawValue !== last.text || now - last.at > SAME_AFTER)) {
      last = { text: code.rawValue, at: now };
      found(code.rawValue);
    }
    timer = setTimeout(look, LOOK_EVERY);
  };
  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}
