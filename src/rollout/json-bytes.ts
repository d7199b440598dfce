/** How many bytes a value takes as JSON in UTF-8: that is how Temporal keeps and sends it. */
export const jsonBytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;
