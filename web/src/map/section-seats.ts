import { Buffer, BufferUsage, Geometry, Mesh, type Shader } from 'pixi.js';
import { LOOKS, type Looks } from './looks.js';
import type { Plan, Section } from './plan.js';

const CORNERS = new Float32Array([-1, -1, 1, -1, 1, 1, -1, 1]);
const TRIANGLES = new Uint16Array([0, 1, 2, 0, 2, 3]);

/** The seats of one section: one mesh, an instance each. Four bytes say how a seat looks: its colour and its mark. */
export class SectionSeats {
  readonly mesh: Mesh<Geometry, Shader>;
  private readonly looks: Uint8Array;
  private readonly buffer: Buffer;
  private dirty = false;

  constructor(
    { geometry }: Plan,
    readonly section: Section,
    shader: Shader,
  ) {
    const { seats } = section;
    const centres = new Float32Array(seats.length * 2);
    for (const [slot, n] of seats.entries()) {
      centres[2 * slot] = geometry.seats.x[n]!;
      centres[2 * slot + 1] = geometry.seats.y[n]!;
    }
    this.looks = new Uint8Array(seats.length * 4);
    this.buffer = new Buffer({
      data: this.looks,
      usage: BufferUsage.VERTEX | BufferUsage.COPY_DST,
      shrinkToFit: false,
    });
    this.mesh = new Mesh({
      geometry: new Geometry({
        attributes: {
          aCorner: { buffer: CORNERS, format: 'float32x2' },
          aCentre: { buffer: centres, format: 'float32x2', instance: true },
          aLook: { buffer: this.buffer, format: 'unorm8x4', instance: true },
        },
        indexBuffer: TRIANGLES,
        instanceCount: seats.length,
      }),
      shader,
    });
  }

  paintAll(looks: Looks): void {
    for (const [slot, n] of this.section.seats.entries()) this.paint(slot, n, looks);
  }

  paint(slot: number, n: number, looks: Looks): void {
    const [r, g, b] = looks.colorOf(n);
    this.looks[4 * slot] = r * 255;
    this.looks[4 * slot + 1] = g * 255;
    this.looks[4 * slot + 2] = b * 255;
    this.looks[4 * slot + 3] = LOOKS[looks.lookOf(n)];
    this.dirty = true;
  }

  /** Hands what was painted to the graphics card, when it is about to be drawn. */
  upload(): void {
    if (!this.dirty) return;
    this.dirty = false;
    this.buffer.update();
  }
}
