/** Where something stands in a text, both from 1. A column counts characters: an emoji is one. */
export interface Position {
  line: number;
  column: number;
}

const charactersOf = (text: string): string[] => Array.from(text);

/** After this text. */
function endOf(before: string): Position {
  const lines = before.split('\n');
  return { line: lines.length, column: charactersOf(lines.at(-1)!).length + 1 };
}

/** Trees hold offsets in bytes of UTF-8. */
export const positionOfByte = (text: string, offset: number): Position => endOf(Buffer.from(text).subarray(0, offset).toString());

/** Errors of the parser hold offsets in characters. */
export const positionOfCharacter = (text: string, offset: number): Position => endOf(charactersOf(text).slice(0, offset).join(''));

/** The text from one offset in bytes to another. */
export const bytesOf = (text: string, start: number, end?: number): string => Buffer.from(text).subarray(start, end).toString();
