const RINGS = 5;
const CENTRE = { x: 160, y: 168 };

/** A number that stays the same for the same text. */
function hash(text: string): number {
  let sum = 2_166_136_261;
  for (const letter of text) sum = Math.imul(sum ^ letter.codePointAt(0)!, 16_777_619) >>> 0;
  return sum;
}

function ringOf(ring: number, hue: number, number: number) {
  const radius = 46 + ring * 25;
  const count = 9 + ring * 4;
  return Array.from({ length: count }, (_, i) => {
    const angle = Math.PI + (Math.PI * (i + 0.5)) / count;
    const bright = (number >> ((ring * 5 + i) % 27)) & 1;
    return {
      x: Math.round(CENTRE.x + radius * Math.cos(angle)),
      y: Math.round(CENTRE.y + radius * Math.sin(angle)),
      fill: `hsl(${hue + ring * 9} 70% ${bright ? 72 : 42}%)`,
    };
  });
}

/** The organizer's picture, or rows of seats in colours that belong to the event. */
export function Poster({ seed, image }: { seed: string; image?: string | null }) {
  if (image) return <img className="poster" src={image} alt="" loading="lazy" width="640" height="360" />;
  const number = hash(seed);
  const hue = [168, 22, 262, 205, 340, 95][number % 6]!;
  const dots = Array.from({ length: RINGS }, (_, ring) => ringOf(ring, hue, number)).flat();
  return (
    <svg className="poster" viewBox="0 0 320 180" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <rect width="320" height="180" fill={`hsl(${hue} 55% 18%)`} />
      {dots.map(({ x, y, fill }) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r="6.5" fill={fill} />
      ))}
      <path d="M116 180a44 20 0 0 1 88 0z" fill={`hsl(${hue + 40} 80% 86%)`} />
    </svg>
  );
}
