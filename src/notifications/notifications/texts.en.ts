import type { Texts } from './notification.texts.js';

export const TEXTS_EN: Texts = {
  'booking.confirmed': ({ title, code, at }) => ({
    title: `Your booking for ${title}`,
    text: `Booking ${code} is confirmed. See you on ${at}.`,
  }),
  'booking.restored': ({ title, code, at }) => ({
    title: `Your booking for ${title}`,
    text: `Your payment came late, but your places were still free: booking ${code} is confirmed. See you on ${at}.`,
  }),
  'booking.replaced': ({ title, code, at }) => ({
    title: `Your booking for ${title}: other places`,
    text: `Your payment came late. You got places as good as those of booking ${code} that were gone; please look which. See you on ${at}.`,
  }),
  'booking.expired': ({ title, code }) => ({
    title: `Your seats for ${title} are free again`,
    text: `The time to pay for booking ${code} is over. Nothing was charged for it.`,
  }),
  'booking.cancelled': ({ title, code, money, partial }) => ({
    title: partial
      ? `Part of your booking for ${title} is cancelled`
      : `Your booking for ${title} is cancelled`,
    text: money
      ? `Booking ${code}: ${money} goes back the way you paid. Banks take a few days.`
      : `Booking ${code} is cancelled${partial ? ' in part' : ''}. No money goes back.`,
  }),
  'payment.returned': ({ title, code, money, why, reason }) => {
    const back = money ? `${money} is not charged, or goes back to you` : 'nothing is charged';
    if (why === 'event_cancelled')
      return {
        title: `Your payment for ${title} is not taken`,
        text: `The event was cancelled.${reason} For booking ${code} ${back}.`,
      };
    if (why === 'not_collected')
      return {
        title: `Your bank did not pay for ${title}`,
        text: `It had promised to pay for booking ${code} and then did not. The booking has ended, its seats are free again, and ${back}.`,
      };
    return {
      title: `Your payment for ${title} came too late`,
      text: `The seats of booking ${code} were gone by then, so ${back}.`,
    };
  },
  'refund.delayed': ({ title, code, money }) => ({
    title: `Your refund for ${title} takes longer`,
    text: `${money ?? 'The money'} for booking ${code} could not be paid back the way you paid. We look after it; you need not do anything.`,
  }),
  'event.changed': ({ title, at, place }) =>
    place
      ? {
          title: `New place: ${title}`,
          text: `${title}, ${at}, now takes place here: ${place}. Your tickets stay valid.`,
        }
      : {
          title: `New time: ${title}`,
          text: `${title} now begins on ${at}. Your tickets stay valid.`,
        },
  'event.cancelled': ({ title, at, reason, unpaid }) => ({
    title: `Cancelled: ${title}`,
    text: `${title}, ${at}, does not take place.${reason} ${unpaid ? 'Your booking was not finished: nothing is charged for it.' : 'Your money is paid back; you need not do anything.'}`,
  }),
  'event.reminder': ({ title, at }) => ({
    title: `Soon: ${title}`,
    text: `${title} begins on ${at}. Have your tickets ready.`,
  }),
  'ticket.transferred': ({ title }) => ({
    title: `Your ticket for ${title} was accepted`,
    text: 'It belongs to the person you offered it to; your copy is not valid any more.',
  }),
  'waitlist.offered': ({ title, quantity, until }) => ({
    title: quantity === 1 ? `A place for ${title}` : `${quantity} places for ${title}`,
    text: `Your turn has come: ${quantity === 1 ? 'a place is' : `${quantity} places are`} kept for you until ${until}. After that the next in line gets the offer.`,
  }),
  'waitlist.expired': ({ title, why, reason }) => ({
    title: `Your offer for ${title} is over`,
    text:
      why === 'event_cancelled'
        ? `The event was cancelled.${reason}`
        : 'Nobody accepted it in time, so it went to the next in line. You may join the line again.',
  }),
  'waitlist.closed': ({ title, why, reason }) => ({
    title: `The line for ${title} is closed`,
    text:
      why === 'event_cancelled'
        ? `The event was cancelled.${reason}`
        : 'No more places can become free. We are sorry.',
  }),
};
