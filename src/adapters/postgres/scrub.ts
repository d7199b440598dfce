/** Takes the parts of a database's URL out of texts that people will read. */
export interface Scrub {
  /** What PostgreSQL, a socket or an author has written: without URL, user, password and host. */
  foreign(text: string): string;
  /** Our own words, in which only URL and password could stand by accident: `meridian` may be a user, and is a schema. */
  own(text: string): string;
}

/** A shorter password is in every text: it is taken out where it stands alone. */
const shortestAnywhere = 4;

/** Says nothing about a database: it is in most texts of ours, and of everybody's. */
const common = ['meridian', 'postgres'];

/**
 * Knows the URL with its user, password and host in each spelling. The password goes wherever it stands; user and host where they are a word
 * of their own, because `app` is in `application` too.
 */
export function scrubber(url: string): Scrub {
  const { anywhere, words } = partsOf(url);
  const own = (text: string): string => anywhere.reduce((kept, part) => kept.replaceAll(part, '***'), text);
  return { own, foreign: (text) => words.reduce((kept, word) => kept.replace(word, '***'), own(hideNames(text))) };
}

/** Names of the URL as PostgreSQL itself tells them; they may be those of tables too, so that only its own phrases are changed. */
const hideNames = (text: string): string => text.replaceAll(/\b(database|user|role) "[^"]*"|(?<=\bfor )(database) [^\s,.]+/g, '$1$2 ***');

function partsOf(url: string): { anywhere: string[]; words: RegExp[] } {
  if (!URL.canParse(url)) return { anywhere: [url].filter(Boolean), words: [] };
  const { username, password, host, hostname, searchParams } = new URL(url);
  const passwords = spellings([password, searchParams.get('password') ?? '']);
  const names = spellings([username, host, hostname, hostname.replace(/^\[|\]$/g, ''), searchParams.get('user') ?? '', searchParams.get('host') ?? '']);
  const long = passwords.filter((part) => part.length >= shortestAnywhere);
  return { anywhere: longestFirst([url, ...long]), words: longestFirst([...passwords, ...names.filter((name) => !common.includes(name))]).map(alone) };
}

const spellings = (parts: string[]): string[] => [...new Set(parts.flatMap((part) => [part, decoded(part)]))].filter(Boolean);

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // A percent sign that stands for itself.
  }
}

/** What holds another part goes first. */
const longestFirst = (parts: string[]): string[] => parts.toSorted((a, b) => b.length - a.length);

const alone = (part: string): RegExp => new RegExp(`(?<!\\w)${part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?!\\w)`, 'g');
