/** The parser of an option that may be given more than once: its values in their order. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];
