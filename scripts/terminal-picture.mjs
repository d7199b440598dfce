// Turns what a command wrote to a terminal into an SVG: the pictures of README.md are real output, made again by
//
//   script -qec 'node bin/meridian.js status shop-2' /dev/null | node scripts/terminal-picture.mjs '$ meridian status shop-2' > docs/held.svg
import { readFileSync } from 'node:fs';
import { argv, stdout } from 'node:process';

const cell = { width: 8.43, height: 18 };
const margin = 16;
const foreground = '#d8dee9';
const colours = {
  31: '#ef6b73', 32: '#8ccf7e', 33: '#e5c76b', 34: '#67b0e8', 35: '#c47fd5', 36: '#6cbfbf', 37: foreground,
  90: '#7f8794', 91: '#ef6b73', 92: '#8ccf7e', 93: '#e5c76b', 94: '#67b0e8', 95: '#c47fd5', 96: '#6cbfbf',
};

const escapeXml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The style after one more SGR sequence, such as `1;32`. */
function nextStyle(style, codes) {
  return codes.split(';').map(Number).reduce((now, code) => {
    if (code === 0) return {};
    if (code === 1) return { ...now, weight: 'bold' };
    if (code === 2) return { ...now, opacity: 0.6 };
    if (code === 22) return { ...now, weight: undefined, opacity: undefined };
    if (code === 39) return { ...now, colour: undefined };
    return colours[code] === undefined ? now : { ...now, colour: colours[code] };
  }, style);
}

/** Pieces of text with their styles, line by line. Every other escape sequence is dropped. */
function parseLines(text) {
  let style = {};
  return text.split('\n').map((line) => {
    const pieces = [];
    // oxlint-disable-next-line no-control-regex -- escape sequences begin with a control character
    for (const [, codes, plain] of line.matchAll(/\u001B\[([\d;]*)m|((?:(?!\u001B\[[\d;]*m).)+)/g)) {
      if (plain === undefined) style = nextStyle(style, codes || '0');
      else pieces.push({ text: plain, style });
    }
    return pieces;
  });
}

const span = ({ text, style: { colour, weight, opacity } }) => {
  const attributes = [colour && `fill="${colour}"`, weight && `font-weight="${weight}"`, opacity && `opacity="${opacity}"`].filter(Boolean);
  return `<tspan${attributes.map((each) => ` ${each}`).join('')}>${escapeXml(text)}</tspan>`;
};

function picture(lines) {
  const columns = Math.max(...lines.map((pieces) => pieces.reduce((sum, { text }) => sum + [...text].length, 0)));
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = lines.length * cell.height + 2 * margin;
  const rows = lines.map((pieces, row) =>
    `<text x="${margin}" y="${margin + (row + 0.75) * cell.height}" xml:space="preserve">${pieces.map(span).join('')}</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-size="14" fill="${foreground}"`,
    '  font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace">',
    `<rect width="${width}" height="${height}" rx="8" fill="#141b1e"/>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

// oxlint-disable-next-line no-control-regex -- as above
const text = readFileSync(0, 'utf8').replaceAll('\r', '').replaceAll(/\u001B\[[\d;?]*[A-HJKSTfhln]/g, '').trimEnd();
const title = argv[2] === undefined ? [] : [[{ text: argv[2], style: { opacity: 0.6 } }], []];
stdout.write(picture([...title, ...parseLines(text)]));
