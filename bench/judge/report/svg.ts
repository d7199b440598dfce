/** A few words of SVG: legible in light and in dark, because the page says which it is. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

type Attributes = Record<string, string | number | undefined>;

export const element = (name: string, attributes: Attributes, content = ''): string => {
  const written = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${typeof value === 'number' ? round(value) : escaped(value)}"`]));
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`;
};

const round = (value: number): string => String(Number(value.toFixed(1)));

export const text = (x: number, y: number, content: string, attributes: Attributes = {}): string => element('text', { x, y, ...attributes }, escaped(content));

/** The colours of the series, on white and on black. What tells them apart besides stands beside them: dashes, marks and names. */
const series = [
  ['#0b57d0', '#8ab4f8'], ['#b3261e', '#f2a59f'], ['#146c2e', '#8fd19e'], ['#8e4b00', '#f0b26b'], ['#6a1b9a', '#d0a3e6'], ['#00696d', '#7fd4d8'],
  ['#7d5260', '#e0b3c3'], ['#4f5b00', '#c9d466'], ['#37474f', '#b0bec5'], ['#a0006e', '#f29fd0'], ['#5d4037', '#cfb3a8'], ['#1b1b1b', '#f1f1f1'],
] as const;

const dashes = ['', '7 3', '2 3', '10 3 2 3', '4 2', '1 2', '12 4', '6 2 2 2', '3 6', '9 2 1 2 1 2', '5 5', '1 4'];

export const styleOf = (index: number): { class: string; 'stroke-dasharray': string | undefined } => ({
  class: `s${index % series.length}`, 'stroke-dasharray': dashes[index % dashes.length] === '' ? undefined : dashes[index % dashes.length],
});

const style = (): string => {
  const rules = (dark: 0 | 1): string => series.map((colours, index) => `.s${index}{stroke:${colours[dark]}}.f${index}{fill:${colours[dark]}}`).join('');
  return `text{font:12px system-ui,sans-serif;fill:#1b1b1b}.page{fill:#fff}.axis{stroke:#767676}.grid{stroke:#ddd}.line{fill:none;stroke-width:2}.shade{fill:#b3261e}`
    + `.title{font-size:15px;font-weight:600}.quiet{fill:#555}${rules(0)}`
    + `@media(prefers-color-scheme:dark){text{fill:#eee}.page{fill:#121212}.axis{stroke:#999}.grid{stroke:#333}.shade{fill:#f2a59f}.quiet{fill:#bbb}${rules(1)}}`;
};

/** A whole picture; `title` is also what a screen reader says. */
export const picture = (width: number, height: number, title: string, parts: string[]): string => `${element(
  'svg',
  { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': title },
  [element('style', {}, style()), element('rect', { class: 'page', x: 0, y: 0, width, height }), text(16, 26, title, { class: 'title' }), ...parts].join('\n'),
)}\n`;
