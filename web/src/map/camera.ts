/** Which part of the plan is shown: a point of the plan `(x, y)` is drawn at `(x * scale + left, y * scale + top)`. */
export interface Camera {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Shows the whole box in the middle of a view. */
export function fit(box: Box, view: Size, margin: number): Camera {
  const scale = Math.min(
    Math.max(1, view.width - 2 * margin) / Math.max(1, box.width),
    Math.max(1, view.height - 2 * margin) / Math.max(1, box.height),
  );
  return {
    scale,
    left: view.width / 2 - (box.x + box.width / 2) * scale,
    top: view.height / 2 - (box.y + box.height / 2) * scale,
  };
}

/** Zooms, with the point `at` of the view staying where it is. */
export function zoomAt(camera: Camera, at: { x: number; y: number }, factor: number): Camera {
  const { scale, left, top } = camera;
  return {
    scale: scale * factor,
    left: at.x - (at.x - left) * factor,
    top: at.y - (at.y - top) * factor,
  };
}

/** Share of the view that may stay empty beside the box. */
const SLACK = 0.25;

/** Between two scales. A box smaller than the view stays inside; a larger one fills most of it. */
export function bounded(camera: Camera, box: Box, view: Size, [least, most]: [number, number]): Camera {
  const middle = { x: view.width / 2, y: view.height / 2 };
  const wanted = Math.min(most, Math.max(least, camera.scale));
  const { scale, left, top } = zoomAt(camera, middle, wanted / camera.scale);
  const within = (offset: number, from: number, length: number, room: number) => {
    const slack = length * scale > room ? room * SLACK : 0;
    const ends = [slack - from * scale, room - slack - (from + length) * scale];
    return Math.min(Math.max(...ends), Math.max(Math.min(...ends), offset));
  };
  return {
    scale,
    left: within(left, box.x, box.width, view.width),
    top: within(top, box.y, box.height, view.height),
  };
}

export const toPlan = ({ scale, left, top }: Camera, x: number, y: number) => ({
  x: (x - left) / scale,
  y: (y - top) / scale,
});

export const toView = ({ scale, left, top }: Camera, x: number, y: number) => ({
  x: x * scale + left,
  y: y * scale + top,
});
