import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { alignColumns, cut, printable, wrap } from '../../src/cli/text-columns.js';

const red = picocolors.createColors(true).red;

describe('columns', () => {
  it('stand below each other, however long their rows are, and whatever their colours and letters', () => {
    expect(alignColumns([['region', 'release', 'note'], [red('東京'), '1.0.0', 'wide letters take two columns'], ['sydney', 'nothing runs here']])).toEqual([
      'region  release  note',
      `${red('東京')}    1.0.0    wide letters take two columns`,
      'sydney  nothing runs here',
    ]);
  });

  it('leave no spaces at the end of a line', () => {
    expect(alignColumns([['a', ''], ['bb', 'c']])).toEqual(['a', 'bb  c']);
  });
});

it('cuts to the width, and shows that something is missing', () => {
  expect(cut('frankfurt', 9)).toBe('frankfurt');
  expect(cut('frankfurt', 6)).toBe('frank…');
});

it('wraps prose with its indent, and breaks a word that has no room', () => {
  expect(wrap('one two three', 12, '  ')).toEqual(['  one two', '  three']);
  expect(wrap('a-word-without-end', 12, '  ')).toEqual(['  a-word-wit', '  hout-end']);
});

it('keeps text from elsewhere from moving the cursor, turning the direction or adding lines', () => {
  expect(printable('\u001b[2Jgone\r\nnot \u202eso\u0007 fast\t!')).toBe('gone not so fast !');
});
