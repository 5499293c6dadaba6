import type { Locale } from './locale.js';

/** Names of a kind of event; `also` are other words that people write for it. */
interface Category extends Record<Locale, string> {
  readonly also: readonly string[];
}

const category = (en: string, de = en, ...also: string[]): Category => ({ en, de, also });

/** Kinds of events that have a word in each language. Organizers may write any other, which then stays as it is. */
const CATEGORIES: readonly Category[] = [
  category('Concert', 'Konzert', 'Concerts', 'Konzerte', 'Live music', 'Livemusik'),
  category('Classical music', 'Klassik', 'Classical', 'Klassische Musik'),
  category('Choral music', 'Chormusik', 'Choir', 'Chor'),
  category('Jazz'),
  category('Folk music', 'Volksmusik'),
  category('Festival', 'Festival', 'Festivals'),
  category('Party', 'Party', 'Parties', 'Partys'),
  category('Theatre', 'Theater'),
  category('Opera', 'Oper', 'Operas', 'Opern'),
  category('Operetta', 'Operette'),
  category('Musical', 'Musical', 'Musicals'),
  category('Ballet', 'Ballett'),
  category('Dance', 'Tanz'),
  category('Comedy'),
  category('Cabaret', 'Kabarett'),
  category('Puppet theatre', 'Figurentheater', 'Puppentheater'),
  category('Improv theatre', 'Improtheater', 'Improv', 'Improvisationstheater'),
  category('Circus', 'Zirkus'),
  category('Magic', 'Zauberei'),
  category('Spoken word', 'Spoken Word'),
  category('Poetry slam', 'Poetry-Slam'),
  category('Reading', 'Lesung', 'Readings', 'Lesungen'),
  category('Talk', 'Vortrag', 'Lecture', 'Talks', 'Vorträge'),
  category('Film', 'Film', 'Cinema', 'Kino', 'Movie'),
  category('Exhibition', 'Ausstellung'),
  category('Guided tour', 'Führung', 'Guided tours', 'Führungen'),
  category('Workshop', 'Workshop', 'Workshops'),
  category('Conference', 'Konferenz', 'Tagung', 'Kongress', 'Congress'),
  category('Trade fair', 'Messe'),
  category('Market', 'Markt', 'Markets', 'Märkte'),
  category('Ball'),
  category('Carnival', 'Karneval', 'Fasching', 'Fastnacht'),
  category('Christmas', 'Weihnachten'),
  category('Family', 'Familie', 'Families', 'Familien'),
  category('Children', 'Kinder', 'Kids'),
  category('Sport', 'Sport', 'Sports'),
  category('Football', 'Fußball', 'Soccer'),
  category('Handball'),
  category('Basketball'),
  category('Volleyball'),
  category('Ice hockey', 'Eishockey'),
  category('Tennis'),
  category('Table tennis', 'Tischtennis'),
  category('Athletics', 'Leichtathletik'),
  category('Boxing', 'Boxen'),
  category('Other', 'Sonstiges'),
];

/** As the search compares words: without case and accents, whatever stands between the parts. */
const fold = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim();

const wordsOf = ({ en, de, also }: Category): string[] => [...new Set([en, de, ...also])];

const byWord = new Map(CATEGORIES.flatMap((known) => wordsOf(known).map((word) => [fold(word), known])));

/** The word for a category in a language; one that is not known stays as its organizer wrote it. */
export const categoryName = (name: string, locale: Locale): string =>
  byWord.get(fold(name))?.[locale] ?? name;

/** The same for all words for one category. */
export const categoryKey = (name: string): string => fold(categoryName(name, 'en'));

/** All words for the category that one of them names, that one first. */
export function categoryWords(name: string): string[] {
  const known = byWord.get(fold(name));
  return known ? [...new Set([name, ...wordsOf(known)])] : [name];
}

/** Suggestions for a form, by alphabet. */
export const categoryNames = (locale: Locale): string[] =>
  CATEGORIES.map((known) => known[locale]).toSorted((a, b) => a.localeCompare(b, locale));
