/** The end of a command's help: lines that can be copied as they are. */
export const examples = (...lines: string[]): string => `\nExample${lines.length === 1 ? '' : 's'}:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
