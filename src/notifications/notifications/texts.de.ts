import type { Texts } from './notification.texts.js';

export const TEXTS_DE: Texts = {
  'booking.confirmed': ({ title, code, at }) => ({
    title: `Ihre Buchung: ${title}`,
    text: `Die Buchung ${code} ist bestätigt. Wir sehen uns am ${at}.`,
  }),
  'booking.restored': ({ title, code, at }) => ({
    title: `Ihre Buchung: ${title}`,
    text: `Ihre Zahlung kam spät, aber Ihre Plätze waren noch frei: Die Buchung ${code} ist bestätigt. Wir sehen uns am ${at}.`,
  }),
  'booking.replaced': ({ title, code, at }) => ({
    title: `Ihre Buchung, andere Plätze: ${title}`,
    text: `Ihre Zahlung kam spät. Für die vergebenen Plätze der Buchung ${code} haben Sie gleich gute bekommen; bitte sehen Sie nach, welche. Wir sehen uns am ${at}.`,
  }),
  'booking.expired': ({ title, code }) => ({
    title: `Ihre Plätze sind wieder frei: ${title}`,
    text: `Die Zeit, die Buchung ${code} zu bezahlen, ist abgelaufen. Es wurde nichts abgebucht.`,
  }),
  'booking.cancelled': ({ title, code, money, partial }) => ({
    title: partial
      ? `Ihre Buchung ist teilweise storniert: ${title}`
      : `Ihre Buchung ist storniert: ${title}`,
    text: money
      ? `Buchung ${code}: ${money} gehen auf dem Weg zurück, auf dem Sie bezahlt haben. Banken brauchen dafür einige Tage.`
      : `Die Buchung ${code} ist ${partial ? 'teilweise ' : ''}storniert. Es wird nichts erstattet.`,
  }),
  'payment.returned': ({ title, code, money, why, reason }) => {
    const back = money
      ? `${money} werden nicht abgebucht oder gehen an Sie zurück.`
      : 'Es wird nichts abgebucht.';
    if (why === 'event_cancelled')
      return {
        title: `Ihre Zahlung wird nicht eingezogen: ${title}`,
        text: `Die Veranstaltung wurde abgesagt.${reason} Buchung ${code}: ${back}`,
      };
    if (why === 'not_collected')
      return {
        title: `Ihre Bank hat nicht gezahlt: ${title}`,
        text: `Sie hatte die Zahlung der Buchung ${code} zugesagt und dann nicht ausgeführt. Die Buchung ist beendet, die Plätze sind wieder frei. ${back}`,
      };
    return {
      title: `Ihre Zahlung kam zu spät: ${title}`,
      text: `Die Plätze der Buchung ${code} waren schon vergeben. ${back}`,
    };
  },
  'refund.delayed': ({ title, code, money }) => ({
    title: `Ihre Erstattung dauert länger: ${title}`,
    text: `${money ? `${money} für die` : 'Das Geld für die'} Buchung ${code} ließ sich nicht auf dem Weg erstatten, auf dem Sie bezahlt haben. Wir kümmern uns darum; Sie müssen nichts tun.`,
  }),
  'event.changed': ({ title, at, place }) =>
    place
      ? {
          title: `Neuer Ort: ${title}`,
          text: `${title}, ${at}, findet jetzt hier statt: ${place}. Ihre Eintrittskarten bleiben gültig.`,
        }
      : {
          title: `Neue Zeit: ${title}`,
          text: `${title} beginnt jetzt am ${at}. Ihre Eintrittskarten bleiben gültig.`,
        },
  'event.cancelled': ({ title, at, reason, unpaid }) => ({
    title: `Abgesagt: ${title}`,
    text: `${title}, ${at}, findet nicht statt.${reason} ${unpaid ? 'Ihre Buchung war nicht abgeschlossen: Es wird nichts abgebucht.' : 'Was Sie bezahlt haben, bekommen Sie zurück; Sie müssen nichts tun.'}`,
  }),
  'event.reminder': ({ title, at }) => ({
    title: `Bald: ${title}`,
    text: `${title} beginnt am ${at}. Halten Sie Ihre Eintrittskarten bereit.`,
  }),
  'ticket.transferred': ({ title }) => ({
    title: `Ihre Eintrittskarte wurde angenommen: ${title}`,
    text: 'Sie gehört jetzt der Person, der Sie sie angeboten haben; Ihr Exemplar gilt nicht mehr.',
  }),
  'waitlist.offered': ({ title, quantity, until }) => ({
    title: quantity === 1 ? `Ein Platz für ${title}` : `${quantity} Plätze für ${title}`,
    text: `Sie sind an der Reihe: ${quantity === 1 ? 'Ein Platz ist' : `${quantity} Plätze sind`} bis ${until} für Sie zurückgelegt. Danach bekommt der Nächste das Angebot.`,
  }),
  'waitlist.expired': ({ title, why, reason }) => ({
    title: `Ihr Angebot ist abgelaufen: ${title}`,
    text:
      why === 'event_cancelled'
        ? `Die Veranstaltung wurde abgesagt.${reason}`
        : 'Es wurde nicht rechtzeitig angenommen und ging an den Nächsten. Sie können sich wieder anstellen.',
  }),
  'waitlist.closed': ({ title, why, reason }) => ({
    title: `Die Warteliste ist geschlossen: ${title}`,
    text:
      why === 'event_cancelled'
        ? `Die Veranstaltung wurde abgesagt.${reason}`
        : 'Es können keine Plätze mehr frei werden. Das tut uns leid.',
  }),
};
