import { useState } from 'react';
import {
  type Addressed,
  imagePath,
  imageSizes,
  USUAL_WIDTH,
} from '../../../src/platform/common/image-address.js';

const RINGS = 5;
const CENTRE = { x: 160, y: 168 };
const SEAT = 6.5;

/** A number that stays the same for the same text. */
function hash(text: string): number {
  let sum = 2_166_136_261;
  for (const letter of text) sum = Math.imul(sum ^ letter.codePointAt(0)!, 16_777_619) >>> 0;
  return sum;
}

/** The seats of a ring in their two colours, each as one shape: a page of events has a thousand of them. */
function ringOf(ring: number, hue: number, number: number) {
  const radius = 46 + ring * 25;
  const count = 9 + ring * 4;
  const shapes = ['', ''];
  for (let i = 0; i < count; i++) {
    const angle = Math.PI + (Math.PI * (i + 0.5)) / count;
    const x = Math.round(CENTRE.x + radius * Math.cos(angle));
    const y = Math.round(CENTRE.y + radius * Math.sin(angle));
    shapes[(number >> ((ring * 5 + i) % 27)) & 1] +=
      `M${x - SEAT} ${y}a${SEAT} ${SEAT} 0 1 0 ${2 * SEAT} 0a${SEAT} ${SEAT} 0 1 0-${2 * SEAT} 0z`;
  }
  return shapes.map((shape, bright) => ({
    shape,
    fill: `hsl(${hue + ring * 9} 70% ${bright ? 72 : 42}%)`,
  }));
}

interface Pictured {
  readonly id: string;
  readonly image: Addressed | null;
  readonly imageUrl: string | null;
}

/**
 * The organizer's picture, or rows of seats in colours that belong to the event, also where the picture cannot be loaded.
 * `sizes`: how wide it is shown.
 */
export function Poster({ event: { id, image, imageUrl }, sizes }: { event: Pictured; sizes: string }) {
  const [broken, setBroken] = useState<string>();
  const address = image ? imagePath(image, USUAL_WIDTH) : imageUrl;
  if (address && address !== broken)
    return (
      <img
        className="poster"
        sizes={sizes}
        srcSet={image ? imageSizes(image) : undefined}
        src={address}
        alt=""
        loading="lazy"
        width="640"
        height="360"
        onError={() => setBroken(address)}
      />
    );
  const number = hash(id);
  const hue = [168, 22, 262, 205, 340, 95][number % 6]!;
  const rings = Array.from({ length: RINGS }, (_, ring) => ringOf(ring, hue, number)).flat();
  return (
    <svg className="poster" viewBox="0 0 320 180" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <rect width="320" height="180" fill={`hsl(${hue} 55% 18%)`} />
      {rings.map(({ shape, fill }) => (
        <path key={fill} d={shape} fill={fill} />
      ))}
      <path d="M116 180a44 20 0 0 1 88 0z" fill={`hsl(${hue + 40} 80% 86%)`} />
    </svg>
  );
}
