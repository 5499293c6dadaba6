import { Shader, UniformGroup } from 'pixi.js';
import type { Palette } from './colors.js';

const VERTEX = `#version 300 es
in vec2 aCorner;
in vec2 aCentre;
in vec4 aLook;
out vec2 vCorner;
out vec3 vColor;
flat out int vShape;
uniform mat3 uProjectionMatrix;
uniform mat3 uWorldTransformMatrix;
uniform mat3 uTransformMatrix;
uniform float uRadius;
void main() {
  vCorner = aCorner;
  vColor = aLook.rgb;
  vShape = int(aLook.a * 255.0 + 0.5);
  mat3 toScreen = uProjectionMatrix * uWorldTransformMatrix * uTransformMatrix;
  gl_Position = vec4((toScreen * vec3(aCentre + aCorner * uRadius, 1.0)).xy, 0.0, 1.0);
}`;

// Distances to the edge of each mark, in radii; `uEdge` is one pixel in them. The numbers are those of LOOKS.
const FRAGMENT = `#version 300 es
precision mediump float;
in vec2 vCorner;
in vec3 vColor;
flat in int vShape;
out vec4 finalColor;
uniform float uEdge;
uniform vec3 uTaken;
uniform vec3 uChosen;
uniform vec3 uOnChosen;
uniform vec3 uLost;

float box(vec2 p, float half_, float round_) {
  vec2 q = abs(p) - half_ + round_;
  return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - round_;
}
float stroke(vec2 p, vec2 a, vec2 b) {
  vec2 along = b - a;
  return length(p - a - along * clamp(dot(p - a, along) / dot(along, along), 0.0, 1.0));
}

void main() {
  vec2 p = vCorner;
  vec3 color = vColor;
  float d;
  float alpha = 1.0;
  if (vShape == 0) {
    d = length(p) - 0.88;
  } else if (vShape == 1) {
    d = abs(length(p) - 0.70) - 0.17;
  } else if (vShape == 2) {
    vec2 q = abs(p);
    d = max(abs(q.x - q.y) * 0.707 - 0.15, max(q.x, q.y) - 0.52);
    color = uTaken;
  } else if (vShape == 3) {
    d = box(p * vec2(1.0, 3.0), 0.5, 0.1) / 3.0;
    color = uTaken;
  } else if (vShape == 4) {
    d = box(p, 0.98, 0.3);
    float tick = min(stroke(p, vec2(-0.46, 0.04), vec2(-0.12, 0.40)), stroke(p, vec2(-0.12, 0.40), vec2(0.50, -0.38))) - 0.14;
    color = mix(uOnChosen, uChosen, smoothstep(-uEdge, uEdge, tick));
  } else if (vShape == 5) {
    d = max(box(p, 0.88, 0.15), 0.20 - length(p));
  } else if (vShape == 6) {
    d = abs(box(p, 0.72, 0.10)) - 0.15;
  } else if (vShape == 7) {
    d = (abs(p.x) + abs(p.y)) - 0.98;
    color = uLost;
  } else {
    d = length(p) - 0.42;
    alpha = 0.45;
  }
  float cover = alpha * (1.0 - smoothstep(-uEdge, uEdge, d));
  finalColor = vec4(color * cover, cover);
}`;

export class SeatShader {
  private readonly group = new UniformGroup({
    uRadius: { value: 10, type: 'f32' },
    uEdge: { value: 0.1, type: 'f32' },
    uTaken: { value: new Float32Array(3), type: 'vec3<f32>' },
    uChosen: { value: new Float32Array(3), type: 'vec3<f32>' },
    uOnChosen: { value: new Float32Array(3), type: 'vec3<f32>' },
    uLost: { value: new Float32Array(3), type: 'vec3<f32>' },
  });
  readonly shader = Shader.from({
    gl: { vertex: VERTEX, fragment: FRAGMENT },
    resources: { seats: this.group },
  });

  /** @param radius of a seat in units of the plan @param pixels the same on the screen */
  size(radius: number, pixels: number): void {
    this.group.uniforms.uRadius = radius;
    this.group.uniforms.uEdge = Math.min(0.5, 0.75 / pixels);
    this.group.update();
  }

  paint({ taken, accent, onAccent, danger }: Palette): void {
    this.group.uniforms.uTaken = new Float32Array(taken);
    this.group.uniforms.uChosen = new Float32Array(accent);
    this.group.uniforms.uOnChosen = new Float32Array(onAccent);
    this.group.uniforms.uLost = new Float32Array(danger);
    this.group.update();
  }
}
