import { readFileSync } from 'node:fs';

export type Lang = 'de' | 'en';

const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../app/words/${file}.json`, import.meta.url), 'utf8')) as Record<string, string>;

const WORDS = {
  de: { ...read('de'), ...read('plain/de') },
  en: { ...read('en'), ...read('plain/en') },
};

/** What the page says for a key, with its numbers and names put in. */
export function word(key: string, values: Record<string, string | number> = {}, lang: Lang = 'de'): string {
  const text = (WORDS[lang] as Record<string, string>)[key];
  if (text === undefined) throw new Error(`app/words/${lang}.json has no ${key}`);
  return text.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

/** A pattern for a sentence, whatever stands in its blanks. */
export function like(key: string, lang: Lang = 'de'): RegExp {
  const parts = word(key, {}, lang).split(/\{\w+\}/);
  return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+'));
}
