import { Skeleton } from '../ui/states.js';

/** The server has drawn it into the page with which the visit began. */
const written = document.querySelector<HTMLElement>('.hall-outline');

/** The sections of the hall until its seats are there. */
export function HallOutline({ eventId }: { eventId: string }) {
  if (written?.dataset.event !== eventId) return <Skeleton height="34rem" />;
  return <div className="choosing" ref={(box) => box?.append(written)} />;
}
